//! Mutations on reviews: of those who write them, and of those who read them.

mod author;
mod reader;

use std::sync::Arc;

use async_graphql::{Context, ID, SimpleObject};
use entity::review;

pub use self::author::ReviewAuthorMutation;
pub use self::reader::ReviewReaderMutation;
use super::publish::Publish;
use super::service::Errand;
use super::types::Review;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::writing::Writing;
use crate::write::Saved;

/// What has become of a review.
#[derive(SimpleObject)]
pub struct ReviewPayload {
    /// The review as it is now, also where the mutation was refused; as it was, where it was deleted; null where there is
    /// none that the caller may see.
    review: Option<Review>,
    /// What is wrong with the request, all of it; where there is anything, nothing was written.
    user_errors: Vec<UserError>,
}

impl ReviewPayload {
    /// Waits until the write is served, and shows the review as it was written.
    async fn of(ctx: &Context<'_>, saved: Result<Saved<review::Model>>) -> Result<Self> {
        let saved = saved?;
        ctx.written(saved.position).await;
        let review = match saved.now {
            Some(row) => Review::shown(ctx, Arc::new(row)).await?,
            None => None,
        };
        Ok(Self { review, user_errors: UserError::whole(saved.faults) })
    }
}

/// What the caller wants done by a mutation.
fn errand<'a>(ctx: &'a Context<'_>, mutation: &'static str) -> Errand<'a> {
    let publish = *ctx.data_unchecked::<Publish>();
    Errand { writer: ctx.writer(false), caller: ctx.caller(), mutation, publish }
}

/// The row of a review that a mutation is about.
fn review(id: &ID) -> Result<i64> {
    row_to_write(NodeKind::Review, "review", "id", id)
}
