//! Offerings: dated or on-demand runs of a course.

mod loader;
mod mutation;
mod places;
mod types;

pub use loader::{load_offering, next_offering, offerings};
pub use mutation::OfferingMutation;
pub use places::places;
pub use types::Offering;
