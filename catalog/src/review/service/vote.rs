//! Helpful votes on reviews.

use entity::review::{self, Column};
use entity::{ReviewStatus, review_vote};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};

use super::authorization::{LockedReview, is_author};
use super::log::note;
use super::{ReviewContext, ReviewResult, refused};
use crate::error::{AppError, Result};
use crate::input::ValidationCode;
use crate::write::{MutationOutcome, as_writer, insert_new};

/// Adds or withdraws the caller's helpful vote. Repeating the current state writes nothing.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn vote(db: &DatabaseConnection, context: &ReviewContext<'_>, id: i64, helpful: bool) -> ReviewResult {
    as_writer(db, &context.writer, async |tx| {
        let locked = context.authorize_and_lock_review(&tx, id).await?;
        let account_id = locked.caller.account().ok_or(AppError::Forbidden)?;
        if let Some(rule) = refusal(&locked) {
            return Ok(refused(locked.row, ValidationCode::NotAllowed, rule));
        }
        let vote = review_vote::Model { review_id: id, account_id, created_at: context.writer.now() };
        let difference = if helpful { i32::from(add(&tx, vote).await?) } else { -i32::from(take(&tx, vote).await?) };
        if difference == 0 {
            return Ok(MutationOutcome::success(locked.row, None));
        }
        let count = review::Entity::update_many();
        let count = count.col_expr(Column::HelpfulCount, Expr::col(Column::HelpfulCount).add(difference));
        count.filter(Column::Id.eq(id)).exec(&*tx).await?;
        let row = review::Model { helpful_count: locked.row.helpful_count + difference, ..locked.row };
        note(&tx, &context.writer, LockedReview { row, ..locked }).await
    })
    .await
}

fn refusal(locked: &LockedReview) -> Option<&'static str> {
    if is_author(&locked.row, &locked.caller) {
        Some("it is your own")
    } else if locked.caller.role(locked.parent.provider.id).is_some() {
        Some("you are a member of the course's provider")
    } else if locked.row.status != ReviewStatus::Published {
        Some("it is not published")
    } else {
        None
    }
}

async fn add(tx: &DatabaseTransaction, vote: review_vote::Model) -> Result<bool> {
    use review_vote::Column;
    insert_new::<review_vote::Entity>(tx, vote, [Column::ReviewId, Column::AccountId]).await
}

async fn take(tx: &DatabaseTransaction, vote: review_vote::Model) -> Result<bool> {
    let taken = review_vote::Entity::delete_by_id((vote.review_id, vote.account_id)).exec(tx).await?;
    Ok(taken.rows_affected > 0)
}
