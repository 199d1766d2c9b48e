//! Moderation of reviews. Every decision is kept with its reason.

use entity::review_report::{self, Column};
use entity::{ReviewStatus, review, review_moderation};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::authorization::{LockedReview, is_author};
use super::change::{replace_row, supersede};
use super::log::finish;
use super::{ReviewContext, ReviewResult, broken, checked};
use crate::error::Result;
use crate::input::ValidationCode::NotAllowed;
use crate::input::ValidationError;
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::secret::invalidate;
use crate::write::{MutationOutcome, as_writer, insert};

/// Moderation decision to make.
pub struct ModerationDecision<'a> {
    /// Row ID of the review.
    pub id: i64,
    /// New status.
    pub status: ReviewStatus,
    /// Reason for the decision.
    pub reason: &'a str,
}

/// Decides on a review and closes its open reports.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn moderate(
    db: &DatabaseConnection,
    context: &ReviewContext<'_>,
    decision: ModerationDecision<'_>,
) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_review(&tx, decision.id).await?;
        let (reason, errors) = check(&tx, &locked, &decision).await?;
        if !errors.is_empty() {
            return Ok(MutationOutcome::failure(Some(locked.row), errors));
        }
        let row = review::Model { status: decision.status, version: locked.row.version + 1, ..locked.row.clone() };
        replace_row(&tx, &locked.row, &row).await?;
        supersede(&tx, row.id).await?;
        let record = review_moderation::Model {
            id: context.writer.ids.next(),
            course_id: row.course_id,
            review_id: Some(row.id),
            account_id: row.account_id,
            from_status: locked.row.status,
            to_status: row.status,
            reason,
            moderator: context.writer.actor.clone(),
            // Only what was written here counts as turned away.
            stands: row.source_key.is_none(),
            at: context.writer.now(),
        };
        insert::<review_moderation::Entity>(&*tx, vec![record]).await?;
        let of_review = Column::ReviewId.eq(row.id);
        invalidate::<review_report::Entity>(&*tx, Column::ClosedAt, context.writer.now(), of_review).await?;
        let position = finish(&tx, &context.writer, &locked.parent, (Some(&locked.row), Some(&row))).await?;
        Ok(MutationOutcome::success(row, position))
    })
    .await
}

async fn check(
    tx: &DatabaseTransaction,
    locked: &LockedReview,
    decision: &ModerationDecision<'_>,
) -> Result<(String, Vec<ValidationError>)> {
    let is_own = is_author(&locked.row, &locked.caller);
    let is_member = locked.caller.role(locked.parent.provider.id).is_some();
    let of_member = "you are a member of the course's provider: somebody else of the staff decides on it";
    let mut errors = broken([
        (is_own, "id", NotAllowed, "it is your own: somebody else of the staff decides on it"),
        (is_member, "id", NotAllowed, of_member),
    ]);
    let open = review_report::Entity::find().filter(Column::ReviewId.eq(locked.row.id));
    let is_reported = open.filter(Column::ClosedAt.is_null()).count(tx).await? > 0;
    if let Some(rule) = refusal(locked.row.status, decision.status, is_reported) {
        errors.push(ValidationError::of("status", NotAllowed, rule));
    }
    let reason = checked(&mut errors, "reason", prose(MAX_NOTE_CHARS)(&json!(decision.reason)));
    Ok((reason, errors))
}

/// Why a review cannot move from one status to another by a decision; `None` if it can.
fn refusal(from: ReviewStatus, to: ReviewStatus, is_reported: bool) -> Option<&'static str> {
    use ReviewStatus::{Pending, Published, Rejected, Removed};
    match (from, to) {
        (Pending, Published | Rejected) | (Published, Removed) | (Rejected | Removed, Published) => None,
        (Published, Published) if is_reported => None,
        (Published, Published) => Some("it is published already, and nothing was reported of it"),
        (Pending | Published | Rejected | Removed, Pending) => {
            Some("PENDING is what a review is before it is decided on")
        }
        (Published, Rejected) => Some("it is published: REMOVED takes it away"),
        (Pending, Removed) => Some("it is not published: REJECTED keeps it from being so"),
        (Rejected | Removed, Rejected | Removed) => Some("it is not shown already"),
    }
}
