//! Authentication and authorization: who sends a request, and what they may do. Independent of GraphQL and HTTP.

mod attempts;
mod caller;
mod external;
mod identify;
mod key;
mod keys;
mod newcomers;
mod passwords;
mod permissions;
mod public_key;
mod rejection;
pub mod secret;
mod service_tokens;
mod standing;
mod tokens;

pub use attempts::Attempts;
pub use caller::{Caller, Person, System};
pub use identify::{Auth, Identified};
pub use key::KeyAlgorithm;
pub use keys::rotate;
pub use newcomers::{add_account, bury, revoke_tokens_made_by};
pub use passwords::Passwords;
pub use permissions::{MUTATIONS, SECRETS, Violation, Who, needs_sign_in, permit, permit_on, signed_in};
pub use rejection::{IdentifyError, Rejection};
pub use standing::as_of_now;
pub use tokens::{Issued, Tokens};
