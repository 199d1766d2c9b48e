//! The figures of reviews, and the score that listings are ordered by. What must not go in: the reviews themselves.

mod figures;
mod loader;
mod recount;
mod types;

pub use figures::{Figures, add};
pub use loader::RatingOf;
pub use recount::{Wrong, recount};
pub use types::RatingSummary;

/// The average that a listing without reviews is assumed to have: a little under what published reviews give.
pub const PRIOR_AVERAGE: f64 = 3.5;
/// How many reviews that assumption weighs as much as.
pub const PRIOR_WEIGHT: f64 = 10.0;

/// A Bayesian average, so that one 5 does not beat two hundred 4.9s; `None` without a review.
pub fn score(count: i32, sum: i32) -> Option<f64> {
    let (count, sum) = (f64::from(count), f64::from(sum));
    (count > 0.0).then(|| (PRIOR_WEIGHT * PRIOR_AVERAGE + sum) / (PRIOR_WEIGHT + count))
}

/// The sum of all stars, from how often each was given (from one star up).
pub fn sum_of_stars(stars: [i32; 5]) -> i32 {
    stars.iter().zip(1..).map(|(count, star)| count * star).sum()
}
