//! Who acts for a provider: its members, the people invited to become members, and its service tokens. Signing in is in
//! `account`.

mod inputs;
mod loader;
mod mutation;
mod types;

pub use loader::{invitation, invitations, members, memberships, service_token, service_tokens};
pub use mutation::MemberMutation;
pub use types::{Invitation, Membership, ServiceToken};
