//! Mutations on reviews, by authors and by everyone else.

mod author;
mod reader;

use std::sync::Arc;

use async_graphql::{Context, ID, SimpleObject};
use entity::review;

pub use self::author::ReviewAuthorMutation;
pub use self::reader::ReviewReaderMutation;
use super::types::Review;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use catalog::auth::Mutation;
use catalog::error::AppError;
use catalog::review::PublicationPolicy;
use catalog::review::service::ReviewContext;
use catalog::write::MutationOutcome;

/// Result of a mutation on a review.
#[derive(SimpleObject)]
pub struct ReviewPayload {
    /// Review after the mutation, or as it is stored if the mutation was refused. After a deletion, the review as it
    /// was. Null if there is no review that the caller can see.
    review: Option<Review>,
    /// Validation errors. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

impl ReviewPayload {
    /// Waits until the snapshot holds the write, and returns the review as written.
    async fn of(ctx: &Context<'_>, outcome: Result<MutationOutcome<review::Model>, AppError>) -> Result<Self> {
        let (row, user_errors) = ctx.finish(outcome).await?;
        let review = match row {
            Some(row) => Review::shown(ctx, Arc::new(row)).await?,
            None => None,
        };
        Ok(Self { review, user_errors })
    }
}

fn context<'a>(ctx: &'a Context<'_>, mutation: Mutation) -> ReviewContext<'a> {
    let publish = *ctx.data_unchecked::<PublicationPolicy>();
    ReviewContext { writer: ctx.writer(false), caller: ctx.caller(), mutation, publish }
}

/// Decodes the global ID of a review.
fn review(id: &ID) -> Result<i64, AppError> {
    row_to_write(NodeKind::Review, "review", "id", id)
}
