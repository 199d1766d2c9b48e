//! Members of a provider, invitations and service tokens: the types, their lists and mutations.

mod loader;
mod mutation;
mod types;

pub use loader::{invitation, invitations, members, memberships, service_token, service_tokens};
pub use mutation::MemberMutation;
pub use types::{Invitation, Membership, ServiceToken};
