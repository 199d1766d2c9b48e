//! Ratings: the sums over published reviews, and the score that listings are sorted by. Does not belong here: the
//! reviews themselves.

mod loader;
mod types;

pub use loader::RatingOf;
pub use types::RatingSummary;
