//! Ratings, as the API shows them, and their loader: one statement for all courses and one for all providers.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use async_graphql::dataloader::Loader;
use catalog::error::{AppError, Result};
use catalog::rating::{score, sum_of_stars};
use entity::{course_rating, provider_rating};

use crate::graphql::loaders::{CountRows, Rows};

/// Summary of all published reviews.
#[derive(Clone, Debug, SimpleObject)]
pub struct RatingSummary {
    /// Number of published reviews.
    pub count: i32,
    /// Mean of the overall ratings, 1 to 5 stars. Null without reviews.
    pub average: Option<f64>,
    /// Score that the order `RATING` sorts by, 1 to 5: a Bayesian average, (10 × 3.5 + sum of stars) / (10 + count), so
    /// that a single 5 does not beat two hundred 4.9s. Null without reviews.
    pub score: Option<f64>,
    /// Number of reviews per number of stars. Always five rows, from 5 stars down to 1.
    pub distribution: Vec<StarCount>,
    /// Mean rating of the content, 1 to 5 stars. Null if no review rates it.
    pub curriculum: Option<f64>,
    /// Mean rating of the instructors, 1 to 5 stars. Null if no review rates them.
    pub instructors: Option<f64>,
    /// Mean rating of the help with finding a job, 1 to 5 stars. Null if no review rates it.
    pub job_support: Option<f64>,
    /// Number of reviews by authors whose email address or enrolment is verified.
    pub verified_count: i32,
}

/// Number of reviews with a given number of stars.
#[derive(Clone, Debug, SimpleObject)]
pub struct StarCount {
    /// Number of stars, 1 to 5.
    pub stars: i32,
    /// Number of reviews with that many stars.
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
    /// Summary for a listing without reviews.
    pub fn empty() -> Self {
        Self {
            count: 0,
            average: None,
            score: None,
            distribution: distribution([0; 5]),
            curriculum: None,
            instructors: None,
            job_support: None,
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

impl CountRows for RatingSummary {}

/// Owner of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RatingOf {
    /// Course.
    Course(i64),
    /// Provider; its rating covers all its courses.
    Provider(i64),
}

#[async_graphql::async_trait::async_trait]
impl Loader<RatingOf> for Rows {
    type Value = RatingSummary;
    type Error = AppError;

    async fn load(&self, keys: &[RatingOf]) -> Result<HashMap<RatingOf, RatingSummary>> {
        let mut found = HashMap::new();
        let courses = keys.iter().filter_map(|key| if let RatingOf::Course(id) = key { Some(*id) } else { None });
        let providers = keys.iter().filter_map(|key| if let RatingOf::Provider(id) = key { Some(*id) } else { None });
        if let ids @ [_, ..] = &*courses.collect::<Vec<_>>() {
            let rows = self.select(course_rating::Column::CourseId, ids.to_vec()).all(&self.0).await?;
            found.extend(rows.into_iter().map(|row| (RatingOf::Course(row.course_id), row.into())));
        }
        if let ids @ [_, ..] = &*providers.collect::<Vec<_>>() {
            let rows = self.select(provider_rating::Column::ProviderId, ids.to_vec()).all(&self.0).await?;
            found.extend(rows.into_iter().map(|row| (RatingOf::Provider(row.provider_id), row.into())));
        }
        Ok(found)
    }
}
