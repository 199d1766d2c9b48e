//! Who asks, and what they may do. What must not go in: GraphQL and HTTP.

mod caller;
mod permissions;
pub mod secret;
mod standing;

pub use caller::{Caller, Person, System};
pub use permissions::{MUTATIONS, Rule, Who, permit, permit_on};
pub use standing::as_of_now;
