//! Authentication and authorization: who sends a request, and what they may do. Independent of GraphQL and HTTP.

mod attempts;
mod caller;
mod external;
mod external_identity;
mod identify;
mod key;
mod keys;
mod passwords;
mod permissions;
mod public_key;
mod refresh;
mod rejection;
mod service_tokens;
mod tokens;

pub use attempts::Attempts;
pub(crate) use attempts::network;
pub use caller::{Caller, Person, System};
pub use external::ExternalSettings;
pub use external_identity::{add_tombstones, mark_verified, revoke_tokens_made_by};
pub use identify::{Auth, AuthSettings, Identified};
pub use key::KeyAlgorithm;
pub use keys::rotate;
pub use passwords::Passwords;
pub use permissions::{Mutation, Requirement, needs_sign_in, permit, permit_on, require_sign_in};
pub use refresh::refresh_caller;
pub use rejection::{IdentifyError, Rejection};
pub use tokens::{AccessToken, Tokens};
