//! Partnerships: the type, its lists and mutations.

mod loader;
mod mutation;
mod types;

pub use loader::partnerships;
pub use mutation::PartnershipMutation;
pub use types::{Partnership, PartnershipStatus};
