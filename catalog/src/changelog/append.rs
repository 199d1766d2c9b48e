//! Appending to the log: the last statement of every transaction that writes.

use chrono::{DateTime, Utc};
use entity::{ChangeKind, ListingType, change};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, Statement};

use super::action::Action;
use crate::error::{AppError, Result};

/// Maximum number of rows per insert: PostgreSQL accepts 65,535 parameters per statement.
const ROWS_PER_INSERT: usize = 1_000;

/// Change of one listing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who made the change: an account, a service token, or the command that ran.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// Type of the changed listing.
    pub listing_type: ListingType,
    /// Row ID of the listing.
    pub listing_id: i64,
    /// Slug of the listing after the change.
    pub slug: String,
    /// Provider that the listing belongs to; for a provider, its own ID.
    pub provider_id: Option<i64>,
    /// Event that the public sees; `None` if the public sees nothing.
    pub event: Option<ChangeKind>,
    /// Changed fields, each with its value before and after.
    pub fields: Option<serde_json::Value>,
}

/// Appends entries in the caller's transaction and returns the position of the last one.
///
/// Positions have no gaps and are in commit order on both databases: incrementing `catalogue.position` locks its only
/// row until the transaction ends, so a later position cannot be committed before an earlier one. Append last in a
/// transaction, so that the lock is held only for the insert and the commit.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn append(db: &impl ConnectionTrait, at: DateTime<Utc>, entries: Vec<Entry>) -> Result<i64> {
    let count = entries.len() as i64;
    let first = advance_position(db, count).await? - count + 1;
    let mut rows = entries.into_iter().zip(first..).map(|(entry, position)| row(position, at, entry)).peekable();
    while rows.peek().is_some() {
        change::Entity::insert_many(rows.by_ref().take(ROWS_PER_INSERT)).exec_without_returning(db).await?;
    }
    Ok(first + count - 1)
}

/// Increments the position and returns it. On PostgreSQL the same statement announces the change, which listeners hear of
/// when the transaction commits.
async fn advance_position(db: &impl ConnectionTrait, count: i64) -> Result<i64> {
    let backend = db.get_database_backend();
    let announced = if backend == DbBackend::Postgres { ", pg_notify('lectern_changes', '')" } else { "" };
    let sql = format!("update catalogue set position = position + $1 returning position{announced}");
    let raised = db.query_one_raw(Statement::from_sql_and_values(backend, sql, [count.into()])).await?;
    let raised = raised.ok_or_else(|| AppError::internal("the catalogue has no row"))?;
    Ok(raised.try_get("", "position")?)
}

/// Random mark of 52 bits: non-negative, and exact in every language that reads a cursor.
fn new_mark() -> i64 {
    let (high, _) = uuid::Uuid::new_v4().as_u64_pair();
    (high >> 12) as i64
}

fn row(position: i64, at: DateTime<Utc>, entry: Entry) -> change::ActiveModel {
    change::ActiveModel {
        position: Set(position),
        at: Set(at),
        actor: Set(entry.actor),
        action: Set(entry.action.name().to_owned()),
        listing_type: Set(entry.listing_type),
        listing_id: Set(entry.listing_id),
        slug: Set(entry.slug),
        provider_id: Set(entry.provider_id),
        event: Set(entry.event),
        fields: Set(entry.fields),
        mark: Set(Some(new_mark())),
    }
}
