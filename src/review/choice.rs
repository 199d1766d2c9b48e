//! What a course shows of its reviews.

use async_graphql::{Context, Object, SimpleObject};
use entity::ReviewStatus;

use super::enums::ReviewOrder;
use super::inputs::ReviewFilter;
use super::list;
use super::loader::{OwnReview, TurnedAway};
use super::types::Review;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::loaders::Load;
use crate::paging::page::PageArguments;

/// The reviews of the course of this row.
pub struct CourseReviews(pub i64);

/// The reviews of a course.
#[Object]
impl CourseReviews {
    /// Its published reviews.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that meet these conditions.")] filter: Option<ReviewFilter>,
        #[graphql(desc = "The order.", default_with = "ReviewOrder::Newest")] order_by: ReviewOrder,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Review>> {
        list::of_course(ctx, self.0, filter.unwrap_or_default(), order_by, PageArguments::forward(first, after)).await
    }

    /// The review that the caller has written of it, published or not; null where there is none.
    async fn own_review(&self, ctx: &Context<'_>) -> Option<Result<Review>> {
        let account = ctx.caller().account()?;
        ctx.load(OwnReview { course: self.0, account }).await.map(|row| row.map(Review)).transpose()
    }

    /// How many of its reviews moderation has turned away.
    async fn reviews_turned_away(&self, ctx: &Context<'_>) -> Result<TurnedAwayReviews> {
        let counts = ctx.load(TurnedAway(self.0)).await?.unwrap_or_default();
        let count = |status| counts.iter().find(|(of, _)| *of == status).map_or(0, |(_, count)| *count as i32);
        Ok(TurnedAwayReviews { rejected: count(ReviewStatus::Rejected), removed: count(ReviewStatus::Removed) })
    }
}

/// How many reviews moderation has turned away: those of which that was its last word. One that its author has changed
/// since then, or that was let through after all, counts no more; one that its author has deleted goes on counting.
#[derive(SimpleObject)]
pub struct TurnedAwayReviews {
    /// Before they were published.
    rejected: i32,
    /// After they had been published.
    removed: i32,
}
