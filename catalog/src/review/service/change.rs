//! Updates and deletions by the author of a review.

use entity::review::{self, Column};
use entity::{ReviewVerification, review_moderation};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::authorization::is_author;
use super::log::finish;
use super::write::verification_of_account;
use super::{ReviewContext, ReviewResult, broken};
use crate::error::{AppError, Result};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::review::validation::read;
use crate::write::{MutationOutcome, as_writer, check_version};

/// Replaces the content of a review, provided that its version is still the given one.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update(
    db: &DatabaseConnection,
    context: &ReviewContext<'_>,
    (id, version): (i64, i32),
    input: &Fields,
) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_own_review(&tx, id).await?;
        let mut errors: Vec<ValidationError> = check_version(version, locked.row.version).into_iter().collect();
        let is_member = locked.caller.role(locked.parent.provider.id).is_some();
        let rule = "you are a member of the course's provider by now";
        errors.extend(broken([(is_member, "id", ValidationCode::NotAllowed, rule)]));
        let updated = match read(input, context.writer.clock.today(), locked.row.clone(), errors) {
            Ok(updated) if updated == locked.row => return Ok(MutationOutcome::success(updated, None)),
            Ok(updated) => updated,
            Err(errors) => return Ok(MutationOutcome::failure(Some(locked.row), errors)),
        };
        let row = review::Model {
            verification: current_verification(&tx, &updated).await?,
            version: version + 1,
            updated_at: context.writer.now(),
            ..updated
        };
        let row = review::Model { status: context.initial_status(&*tx, &row).await?, ..row };
        // Moderation decisions stay in force, so that an author cannot lower the public count of reviews turned away.
        replace_row(&tx, &locked.row, &row).await?;
        let position = finish(&tx, &context.writer, &locked.parent, (Some(&locked.row), Some(&row))).await?;
        Ok(MutationOutcome::success(row, position))
    })
    .await
}

/// Current verification of a review: the author may have verified their email address since it was written.
async fn current_verification(tx: &DatabaseTransaction, row: &review::Model) -> Result<ReviewVerification> {
    match (row.verification, row.account_id) {
        (ReviewVerification::None, Some(author)) => verification_of_account(tx, author).await,
        (known, _) => Ok(known),
    }
}

/// Deletes a review and returns it as it was. An imported one, which has no author here, is deleted by staff.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn delete(db: &DatabaseConnection, context: &ReviewContext<'_>, id: i64) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_review(&tx, id).await?;
        let may_delete_imported = locked.row.source_key.is_some() && locked.caller.is_staff();
        if !is_author(&locked.row, &locked.caller) && !may_delete_imported {
            return Err(AppError::Forbidden);
        }
        let delete = review::Entity::delete_many().filter(Column::Id.eq(id));
        delete.filter(by_author(&locked.row)).exec(&*tx).await?;
        let position = finish(&tx, &context.writer, &locked.parent, (Some(&locked.row), None)).await?;
        Ok(MutationOutcome::success(locked.row, position))
    })
    .await
}

/// Replaces a row that was read before. The statement also compares author and version, so that even a writer without a
/// lock overwrites nothing. The helpful count is left alone: it is maintained by votes and by account deletion.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn replace_row(tx: &DatabaseTransaction, before: &review::Model, row: &review::Model) -> Result<()> {
    let mut new = row.clone().into_active_model().reset_all();
    [Column::Id, Column::HelpfulCount].into_iter().for_each(|column| new.not_set(column));
    let done = review::Entity::update_many().set(new).filter(Column::Id.eq(before.id));
    let done = done.filter(Column::Version.eq(before.version)).filter(by_author(before)).exec(tx).await?;
    if done.rows_affected == 1 {
        return Ok(());
    }
    Err(AppError::Conflict("the review has changed since it was read".to_owned()))
}

/// Condition that a review still has the author that was read.
fn by_author(row: &review::Model) -> SimpleExpr {
    row.account_id.map_or(Column::AccountId.is_null(), |author| Column::AccountId.eq(author))
}

/// Marks the decisions on a review as no longer in force.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn supersede(tx: &DatabaseTransaction, review: i64) -> Result<()> {
    use review_moderation::Column;
    let stood = review_moderation::Entity::update_many().col_expr(Column::Stands, Expr::value(false));
    stood.filter(Column::ReviewId.eq(review)).filter(Column::Stands.eq(true)).exec(tx).await?;
    Ok(())
}
