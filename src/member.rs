//! Who acts for a provider: its members, those who are invited to be, and its own systems. What must not go in: how
//! people sign in.

mod inputs;
mod letters;
mod loader;
mod mutation;
pub(crate) mod service;
mod types;

pub use loader::{invitation, invitations, members, memberships, service_token, service_tokens};
pub use mutation::MemberMutation;
pub use types::{Invitation, Membership, ServiceToken};
