//! Partnerships: whether a provider agrees to be shown with a course of another one, as its partner or as the provider of
//! one of its units. They are proposed by naming the provider in the course, which `course::write` does.

mod loader;
mod mutation;
mod service;
mod types;

pub use loader::partnerships;
pub use mutation::PartnershipMutation;
pub use types::{Partnership, PartnershipStatus};
