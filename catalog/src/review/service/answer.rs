//! Provider replies to reviews.

use entity::{ReviewStatus, review_reply};
use sea_orm::{DatabaseConnection, EntityTrait};
use serde_json::json;

use super::authorization::is_author;
use super::log::note;
use super::{ReviewContext, ReviewResult, broken, checked};
use crate::input::ValidationCode::NotAllowed;
use crate::input::text::prose;
use crate::review::validation::MAX_BODY_CHARS;
use crate::write::{MutationOutcome, as_writer, save};

/// Creates or replaces the provider's reply to a review.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn reply(db: &DatabaseConnection, context: &ReviewContext<'_>, id: i64, body: &str) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_review(&tx, id).await?;
        let mut errors = Vec::new();
        let body = checked(&mut errors, "body", prose(MAX_BODY_CHARS)(&json!(body)));
        let is_own = is_author(&locked.row, &locked.caller);
        errors.extend(broken([
            (is_own, "id", NotAllowed, "it is your own: somebody else of the provider replies"),
            (locked.row.status != ReviewStatus::Published, "id", NotAllowed, "it is not published"),
        ]));
        if !errors.is_empty() {
            return Ok(MutationOutcome::failure(Some(locked.row), errors));
        }
        let before = review_reply::Entity::find_by_id(id).one(&*tx).await?;
        if before.as_ref().is_some_and(|reply| reply.body == body) {
            return Ok(MutationOutcome::success(locked.row, None));
        }
        let now = context.writer.now();
        let created_at = before.map_or(now, |reply| reply.created_at);
        let author = context.writer.actor.clone();
        let row = review_reply::Model { review_id: id, author, body, created_at, updated_at: now };
        save::<review_reply::Entity>(&*tx, vec![row]).await?;
        note(&tx, &context.writer, locked).await
    })
    .await
}
