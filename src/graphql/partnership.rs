//! Partnerships: the consent of a provider to be shown with a course of another provider, as its partner or as the
//! provider of one of its units. A course proposes a partnership by naming the provider, see `course::write`.

mod loader;
mod mutation;
mod types;

pub use loader::partnerships;
pub use mutation::PartnershipMutation;
pub use types::{Partnership, PartnershipStatus};
