//! Ratings, as the API shows them.

mod loader;
mod types;

pub use loader::RatingOf;
pub use types::RatingSummary;
