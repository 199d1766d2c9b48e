//! Offerings: dated or on-demand runs of a course.

mod loader;
mod locations;
mod mutation;
mod types;

pub use loader::{load_offering, next_offering, offerings};
pub use locations::locations;
pub use mutation::OfferingMutation;
pub use types::Offering;
