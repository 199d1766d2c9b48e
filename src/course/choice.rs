//! The fields of a course that help to choose it: what others say of it, and when it can be taken.

use async_graphql::{Context, Object};

use super::similar::similar;
use super::types::Course;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::loaders::Load;
use crate::offering::{Offering, next_offering, offerings};
use crate::paging::page::PageArguments;
use crate::rating::{RatingOf, RatingSummary};
use crate::statistic::{Statistic, statistics_of};

/// The fields of a course that help to choose it.
pub struct Choice(pub(super) Course);

/// The fields of a course that help to choose it.
#[Object(name = "CourseChoice")]
impl Choice {
    /// The figures of its reviews.
    async fn ratings(&self, ctx: &Context<'_>) -> Result<RatingSummary> {
        Ok(ctx.load(RatingOf::Course(self.0.0.id)).await?.unwrap_or_else(RatingSummary::empty))
    }

    /// Published figures about it, by metric and then newest first. At most 100: for more, see Query.statistics.
    async fn statistics(&self, ctx: &Context<'_>) -> Vec<Statistic> {
        statistics_of(ctx, |row| row.course_id == Some(self.0.0.id))
    }

    /// The next chance to take it: the earliest that starts today (UTC) or later, else one on demand; null where there
    /// is none.
    async fn next_offering(&self, ctx: &Context<'_>) -> Option<Result<Offering>> {
        next_offering(ctx, self.0.0.id).await.transpose()
    }

    /// The chances to take it: the dated ones by their start, then those on demand.
    async fn offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that start today (UTC) or later, or on demand.", default = true)] upcoming: bool,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Offering>> {
        offerings(ctx, self.0.0.id, upcoming, PageArguments::forward(first, after)).await
    }

    /// Published courses of active providers that are like it, the most alike first, by skills in common, careers,
    /// subjects, level and provider. Itself, its units and what it is a part of are left out, and so is what has no skill,
    /// career or subject in common with it.
    async fn similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 20.", default = 5)] first: i32,
    ) -> Result<Vec<Course>> {
        similar(ctx, &self.0, first).await
    }
}
