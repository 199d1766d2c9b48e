//! Ratings: the sums over published reviews, and the score that listings are sorted by. Does not belong here: the
//! reviews themselves.

pub mod figures;
pub mod recount;

pub use figures::{Figures, add};
pub use recount::{Wrong, recount};

/// Average assumed for a listing without reviews, a little below the typical average of published reviews.
pub const PRIOR_AVERAGE: f64 = 3.5;
/// Number of reviews that the assumed average weighs as much as.
pub const PRIOR_WEIGHT: f64 = 10.0;

/// Bayesian average, so that a single 5 does not beat two hundred 4.9s; `None` without reviews.
pub fn score(count: i32, sum: i32) -> Option<f64> {
    let (count, sum) = (f64::from(count), f64::from(sum));
    (count > 0.0).then(|| (PRIOR_WEIGHT * PRIOR_AVERAGE + sum) / (PRIOR_WEIGHT + count))
}

/// Sum of all stars, from the number of reviews with one to five stars.
pub fn sum_of_stars(stars: [i32; 5]) -> i32 {
    stars.iter().zip(1..).map(|(count, star)| count * star).sum()
}
