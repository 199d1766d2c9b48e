//! Reports of problems with reviews.

use chrono::TimeDelta;
use entity::review_report::{self, Column};
use entity::{ReportReason, ReviewStatus};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::authorization::{LockedReview, is_author};
use super::{ReviewContext, ReviewResult, broken, checked, refused};
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{ValidationCode, ValidationError};
use crate::write::daily_limit::{self, DailyCounter, LimitedAction};
use crate::write::{MutationOutcome, as_writer, insert_new};

/// Maximum number of reports per account in 24 hours.
const MAX_REPORTS_PER_DAY: u64 = 50;

/// Report to create.
pub struct ReportRequest<'a> {
    /// Row ID of the review.
    pub id: i64,
    /// Kind of problem.
    pub reason: ReportReason,
    /// Description of the problem.
    pub note: Option<&'a str>,
}

/// Reports a review. Each account can report a review once.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn report(db: &DatabaseConnection, context: &ReviewContext<'_>, report: ReportRequest<'_>) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_review(&tx, report.id).await?;
        let account = locked.caller.account().ok_or(AppError::Forbidden)?;
        let (note, errors) = check(&tx, context, &locked, (account, &report)).await?;
        if !errors.is_empty() {
            return Ok(MutationOutcome::failure(Some(locked.row), errors));
        }
        let row = review_report::Model {
            id: context.writer.ids.next(),
            review_id: report.id,
            account_id: Some(account),
            reason: report.reason,
            note,
            created_at: context.writer.now(),
            closed_at: None,
        };
        if !insert_new::<review_report::Entity>(&*tx, row, [Column::ReviewId, Column::AccountId]).await? {
            return Ok(refused(locked.row, ValidationCode::Duplicate, "you have reported it already"));
        }
        daily_limit::record(&*tx, &context.writer, &[counter(account)]).await?;
        super::log::note(&tx, &context.writer, locked).await
    })
    .await
}

/// Counter for the daily limit of reports, including those of deleted reviews.
fn counter(account: i64) -> DailyCounter {
    DailyCounter::of(LimitedAction::Report, account)
}

async fn check(
    tx: &DatabaseTransaction,
    context: &ReviewContext<'_>,
    locked: &LockedReview,
    (account, report): (i64, &ReportRequest<'_>),
) -> Result<(Option<String>, Vec<ValidationError>)> {
    let since = context.writer.now() - TimeDelta::days(1);
    let today = review_report::Entity::find().filter(Column::AccountId.eq(account)).filter(Column::CreatedAt.gt(since));
    let today = counter(account).count(tx, context.writer.now(), today.count(tx).await?).await?;
    let is_own = is_author(&locked.row, &locked.caller);
    let mut errors = broken([
        (is_own, "id", ValidationCode::NotAllowed, "it is your own"),
        (locked.row.status != ReviewStatus::Published, "id", ValidationCode::NotAllowed, "it is not published"),
        (today >= MAX_REPORTS_PER_DAY, "id", ValidationCode::Limit, "you have made 50 reports within a day"),
    ]);
    let note = report.note.map(|note| prose(MAX_NOTE_CHARS)(&json!(note))).transpose();
    let note = checked(&mut errors, "note", note);
    if report.reason == ReportReason::Other && note.is_none() && errors.is_empty() {
        let rule = "must say what is wrong, with the reason OTHER";
        errors.push(ValidationError::of("note", ValidationCode::Required, rule));
    }
    Ok((note, errors))
}
