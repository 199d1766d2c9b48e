//! What counts for the daily limits of a person: also what is deleted since, or writing and deleting in turns would have
//! no end.

use chrono::{DateTime, TimeDelta, Utc};
use entity::deleted_contribution::{self, Column};
use entity::{ContributionKind, review, review_report};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use crate::error::Result;
use crate::write::{Writer, insert};

/// The beginning of the day that limits are counted in.
pub(super) fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(1)
}

/// How many contributions of this kind an account has written within the day that are deleted since.
pub(super) async fn deleted(
    tx: &DatabaseTransaction,
    account: i64,
    kind: ContributionKind,
    now: DateTime<Utc>,
) -> Result<u64> {
    let rows = deleted_contribution::Entity::find().filter(Column::AccountId.eq(account)).filter(Column::Kind.eq(kind));
    Ok(rows.filter(Column::WrittenAt.gt(since(now))).count(tx).await?)
}

/// Notes a review that is about to be deleted, and the reports on it that go with it.
pub(super) async fn note_deleted(tx: &DatabaseTransaction, writer: &Writer, review: &review::Model) -> Result<()> {
    let since = since(writer.now());
    let reports = review_report::Entity::find().filter(review_report::Column::ReviewId.eq(review.id)).all(tx).await?;
    let reports = reports.iter().map(|report| (report.account_id, ContributionKind::Report, report.created_at));
    let written = reports.chain([(review.account_id, ContributionKind::Review, review.created_at)]);
    let row = |(account, kind, written_at): (Option<i64>, ContributionKind, DateTime<Utc>)| {
        let account_id = account.filter(|_| written_at > since)?;
        Some(deleted_contribution::Model { id: writer.ids.next(), account_id, kind, written_at })
    };
    let rows: Vec<deleted_contribution::Model> = written.filter_map(row).collect();
    forget_older(tx, rows.iter().map(|row| row.account_id), since).await?;
    insert::<deleted_contribution::Entity>(tx, rows).await
}

/// Nothing is kept for longer than it counts, as far as its author comes by again.
async fn forget_older(
    tx: &DatabaseTransaction,
    accounts: impl Iterator<Item = i64>,
    since: DateTime<Utc>,
) -> Result<()> {
    let older = deleted_contribution::Entity::delete_many().filter(Column::AccountId.is_in(accounts));
    older.filter(Column::WrittenAt.lte(since)).exec(tx).await?;
    Ok(())
}
