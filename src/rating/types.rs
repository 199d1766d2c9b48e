//! Rating summaries as the API shows them.

use async_graphql::SimpleObject;
use entity::{course_rating, provider_rating};

use super::{score, sum_of_stars};

/// The figures of all published reviews.
#[derive(Clone, Debug, SimpleObject)]
pub struct RatingSummary {
    /// How many reviews there are.
    pub count: i32,
    /// The mean of their stars, 1 to 5; null without a review.
    pub average: Option<f64>,
    /// What the order RATING sorts by, 1 to 5: a Bayesian average, (10 × 3.5 + all stars) / (10 + count), so that one
    /// 5 does not beat two hundred 4.9s; null without a review.
    pub score: Option<f64>,
    /// How often each number of stars was given: always five rows, from 5 stars to 1.
    pub distribution: Vec<StarCount>,
    /// The mean rating of the curriculum, 1 to 5; null where no review rates it.
    pub curriculum: Option<f64>,
    /// The mean rating of the instructors, 1 to 5; null where no review rates them.
    pub instructors: Option<f64>,
    /// The mean rating of the help with finding a job, 1 to 5; null where no review rates it.
    pub job_support: Option<f64>,
    /// How many of the reviews are by an author whose address or enrolment was verified.
    pub verified_count: i32,
}

/// How often a number of stars was given.
#[derive(Clone, Debug, SimpleObject)]
pub struct StarCount {
    /// The stars, 1 to 5.
    pub stars: i32,
    /// In how many reviews.
    pub count: i32,
}

macro_rules! from_row {
    ($($row:ty),+) => {$(
        impl From<$row> for RatingSummary {
            fn from(row: $row) -> Self {
                let stars = [row.stars1, row.stars2, row.stars3, row.stars4, row.stars5];
                let sum = sum_of_stars(stars);
                Self {
                    count: row.count,
                    average: mean(sum, row.count),
                    score: score(row.count, sum),
                    distribution: distribution(stars),
                    curriculum: mean(row.curriculum_sum, row.curriculum_count),
                    instructors: mean(row.instructors_sum, row.instructors_count),
                    job_support: mean(row.job_support_sum, row.job_support_count),
                    verified_count: row.verified_count,
                }
            }
        }
    )+};
}

from_row!(course_rating::Model, provider_rating::Model);

impl RatingSummary {
    /// The summary of something that nobody has reviewed.
    pub fn empty() -> Self {
        let distribution = distribution([0; 5]);
        let none = None;
        Self {
            count: 0,
            average: none,
            score: none,
            distribution,
            curriculum: none,
            instructors: none,
            job_support: none,
            verified_count: 0,
        }
    }
}

fn mean(sum: i32, count: i32) -> Option<f64> {
    (count > 0).then(|| f64::from(sum) / f64::from(count))
}

fn distribution(stars: [i32; 5]) -> Vec<StarCount> {
    (1..=5).rev().zip(stars.into_iter().rev()).map(|(stars, count)| StarCount { stars, count }).collect()
}

impl crate::graphql::loaders::CountRows for RatingSummary {}
