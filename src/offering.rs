//! Offerings: the chances to take a course.

mod loader;
mod types;

pub use loader::{load_offering, next_offering, offerings};
pub use types::Offering;
