//! Verification of reviews through a link sent to the author's email address.

use chrono::TimeDelta;
use entity::review_link::{self, Column};
use entity::{ReviewStatus, ReviewVerification, account, review};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::authorization::lock_review;
use super::change::replace_row;
use super::log::finish;
use super::{ReviewContext, ReviewResult};
use crate::auth::mark_verified;
use crate::course::LockedCourse;
use crate::error::{AppError, Result};
use crate::input::ValidationError;
use crate::secret::{MAIL_TOKEN, Secret, hash};
use crate::write::{MutationOutcome, as_writer, insert};

const LINK_LIFETIME: TimeDelta = TimeDelta::days(1);

/// Creates the link that verifies a review and invalidates the previous one. Returns no secret if the review is already
/// verified.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn ask(
    db: &DatabaseConnection,
    context: &ReviewContext<'_>,
    id: i64,
) -> Result<MutationOutcome<(review::Model, Option<Secret>)>> {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_own_review(&tx, id).await?;
        if locked.row.verification != ReviewVerification::None {
            return Ok(MutationOutcome::success((locked.row, None), None));
        }
        let author = locked.caller.account().ok_or(AppError::Forbidden)?;
        let author = account::Entity::find_by_id(author).one(&*tx).await?.ok_or(AppError::Unauthenticated)?;
        let (secret, created_at) = (Secret::new(MAIL_TOKEN)?, context.writer.now());
        let (hash, email, expires_at) = (secret.hash(), author.email, created_at + LINK_LIFETIME);
        review_link::Entity::delete_many().filter(Column::ReviewId.eq(id)).exec(&*tx).await?;
        let link = review_link::Model { hash, review_id: id, email, created_at, expires_at };
        insert::<review_link::Entity>(&*tx, vec![link]).await?;
        Ok(MutationOutcome::success((locked.row, Some(secret)), None))
    })
    .await
}

/// Verifies the review that a link belongs to, and the email address it was sent to. A link works once.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn verify(db: &DatabaseConnection, context: &ReviewContext<'_>, token: &str) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let Some((link, author)) = find_link(&tx, context, token).await? else {
            return Ok(MutationOutcome::failure(None, vec![ValidationError::expired_link()]));
        };
        let (row, parent) = lock_review(&tx, link.review_id).await?;
        if review_link::Entity::delete_by_id(&link.hash).exec(&*tx).await?.rows_affected == 0 {
            return Ok(MutationOutcome::failure(None, vec![ValidationError::expired_link()]));
        }
        mark_verified(&*tx, (author, &link.email), context.writer.now()).await?;
        confirm(&tx, context, &parent, row, ReviewVerification::Email).await
    })
    .await
}

/// Looks up a valid link by its token and locks the author's account, whose email address must still be the same.
async fn find_link(
    tx: &DatabaseTransaction,
    context: &ReviewContext<'_>,
    token: &str,
) -> Result<Option<(review_link::Model, i64)>> {
    let link = review_link::Entity::find_by_id(hash(token)).filter(Column::ExpiresAt.gt(context.writer.now()));
    let Some(link) = link.one(tx).await? else { return Ok(None) };
    let author = review::Entity::find_by_id(link.review_id).one(tx).await?.and_then(|row| row.account_id);
    let Some(author) = author else { return Ok(None) };
    let account = account::Entity::find_by_id(author).filter(account::Column::Email.eq(&link.email));
    let account = account.lock(LockType::NoKeyUpdate).one(tx).await?;
    Ok(account.map(|account| (link, account.id)))
}

/// Raises the verification of a review; a lower or equal one changes nothing. A pending review may be published by it,
/// but decisions of staff stay in force.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn confirm(
    tx: &DatabaseTransaction,
    context: &ReviewContext<'_>,
    parent: &LockedCourse,
    before: review::Model,
    verification: ReviewVerification,
) -> ReviewResult {
    if before.verification >= verification {
        return Ok(MutationOutcome::success(before, None));
    }
    let row = review::Model { verification, version: before.version + 1, ..before.clone() };
    let waits = row.status == ReviewStatus::Pending;
    let status = if waits { context.initial_status(tx, &row).await? } else { row.status };
    let row = review::Model { status, ..row };
    replace_row(tx, &before, &row).await?;
    let position = finish(tx, &context.writer, parent, (Some(&before), Some(&row))).await?;
    Ok(MutationOutcome::success(row, position))
}
