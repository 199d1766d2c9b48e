//! The fields of a course that show its reviews.

use async_graphql::{Context, Object, SimpleObject};
use entity::ReviewStatus;
use search::paging::page::PageArguments;

use super::enums::ReviewOrder;
use super::list::{self, ReviewFilter};
use super::loader::{OwnReview, TurnedAway};
use super::types::Review;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::loaders::Load;

/// Reviews of a course, by the row ID of the course.
pub struct CourseReviews(pub i64);

#[Object]
impl CourseReviews {
    /// Published reviews of the course. Imported ones are left out unless the filter asks for them.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions that the reviews must meet.")] filter: Option<ReviewFilter>,
        #[graphql(desc = "Order of the reviews. The default is newest first.", default_with = "ReviewOrder::Newest")]
        order_by: ReviewOrder,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Connection<Review>> {
        let (filter, page) = (filter.unwrap_or_default(), PageArguments::forward(first, after));
        Ok(Box::pin(list::of_course(ctx, self.0, filter, order_by, page)).await?.into())
    }

    /// Caller's own review of the course, whatever its status. Null if the caller has not reviewed it.
    async fn own_review(&self, ctx: &Context<'_>) -> Option<Result<Review>> {
        let account = ctx.caller().account()?;
        let row = ctx.load(OwnReview { course: self.0, account }).await.map_err(Into::into).transpose()?;
        Some(row.map(Review))
    }

    /// Number of reviews of the course that moderation rejected or removed, without imported ones.
    async fn reviews_turned_away(&self, ctx: &Context<'_>) -> Result<TurnedAwayReviews> {
        let counts = ctx.load(TurnedAway(self.0)).await?.unwrap_or_default();
        let count = |status| counts.iter().find(|(of, _)| *of == status).map_or(0, |(_, count)| *count as i32);
        Ok(TurnedAwayReviews { rejected: count(ReviewStatus::Rejected), removed: count(ReviewStatus::Removed) })
    }
}

/// Number of reviews that moderation turned away. A review counts until staff publish it after all, even if its author
/// has changed or deleted it since.
#[derive(SimpleObject)]
pub struct TurnedAwayReviews {
    /// Number of reviews rejected before they were published.
    rejected: i32,
    /// Number of reviews removed after they were published.
    removed: i32,
}
