//! Fields of a course that help learners choose: ratings, statistics, offerings and similar courses.

use async_graphql::{Context, Object};
use search::paging::page::PageArguments;

use super::similar::similar;
use super::types::Course;
use crate::graphql::connection::Connection;
use crate::graphql::error::Result;
use crate::graphql::loaders::Load;
use crate::graphql::offering::{Offering, next_offering, offerings};
use crate::graphql::rating::{RatingOf, RatingSummary};
use crate::graphql::statistic::{Statistic, statistics_of};

/// Ratings, statistics, offerings and similar courses of a course.
pub struct LearnerFields(pub(super) Course);

/// Ratings, statistics, offerings and similar courses of a course.
#[Object(name = "CourseChoice")]
impl LearnerFields {
    /// Rating summary over the published reviews of the course.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<RatingSummary> {
        Ok(ctx.load(RatingOf::Course(self.0.0.id)).await?.unwrap_or_else(RatingSummary::empty))
    }

    /// Published statistics about the course, sorted by metric, then newest first. At most 100; use `Query.statistics`
    /// to page through more.
    async fn statistics(&self, ctx: &Context<'_>) -> Vec<Statistic> {
        statistics_of(ctx, |row| row.course_id == Some(self.0.0.id))
    }

    /// Next offering of the course that one can still join: the earliest that starts today (UTC) or later and whose
    /// application deadline has not passed, otherwise one on demand. One without free places is passed over. Null if
    /// there is none.
    async fn next_offering(&self, ctx: &Context<'_>) -> Option<Result<Offering>> {
        next_offering(ctx, self.0.0.id).await.map_err(Into::into).transpose()
    }

    /// Offerings of the course: dated ones by start day, then those on demand.
    async fn offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether to return only offerings that start today (UTC) or later, or are on demand.",
            default = true
        )]
        upcoming: bool,
        #[graphql(desc = "Number of offerings to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor of an offering. Returns only the offerings after it.")] after: Option<String>,
    ) -> Result<Connection<Offering>> {
        Ok(offerings(ctx, self.0.0.id, upcoming, PageArguments::forward(first, after)).await?.into())
    }

    /// Published courses of active providers that resemble this one, the most similar first. Similarity compares
    /// skills, careers, subjects, level and provider. Leaves out the course itself, its units, the courses it is part
    /// of, and every course that shares no skill, career or subject with it.
    async fn similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maximum number of courses to return, 1 to 20.", default = 5)] first: i32,
    ) -> Result<Vec<Course>> {
        Ok(Box::pin(similar(ctx, &self.0, first)).await?)
    }
}
