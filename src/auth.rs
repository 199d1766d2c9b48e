//! Who asks, and what they may do. What must not go in: GraphQL and HTTP.

mod attempts;
mod caller;
mod external;
mod identify;
mod key;
mod keys;
mod newcomers;
mod passwords;
mod permissions;
pub mod secret;
mod standing;
mod tokens;

pub use attempts::Attempts;
pub use caller::{Caller, Person, System};
pub use identify::{Auth, Identified};
pub use key::KeyAlgorithm;
pub use keys::rotate;
pub use newcomers::add_account;
pub use passwords::Passwords;
pub use permissions::{MUTATIONS, Rule, SECRETS, Who, needs_sign_in, permit, permit_on, signed_in};
pub use standing::as_of_now;
pub use tokens::{Issued, Tokens};
