//! Appending: the last statement of every transaction that writes.

use chrono::{DateTime, Utc};
use entity::{ChangeKind, ListingType, catalogue, change};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait};

use crate::error::{AppError, Result};

/// Rows of one insert: PostgreSQL takes 65,535 parameters a statement.
const ROWS: usize = 1_000;

/// One change of one listing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who made it: an account, a service token, or the command that ran.
    pub actor: String,
    /// What was done, e.g. `course.publish`.
    pub action: &'static str,
    /// What kind of thing changed.
    pub listing_type: ListingType,
    /// Which one.
    pub listing_id: i64,
    /// Its slug after the change.
    pub slug: String,
    /// The provider that it belongs to, itself where it is one.
    pub provider_id: Option<i64>,
    /// What the public sees of it; `None`: nothing.
    pub event: Option<ChangeKind>,
    /// The fields that changed, each with its value before and after.
    pub fields: Option<serde_json::Value>,
}

/// Appends in the caller's transaction and gives the position of the last change.
///
/// Positions have no gaps and are in commit order on both databases: raising `catalogue.position` locks its one row
/// until the transaction ends, so that no later position can be committed before an earlier one. Hence this comes
/// last in a transaction, so that the lock is held for no more than the insert and the commit.
pub async fn append(db: &impl ConnectionTrait, at: DateTime<Utc>, entries: Vec<Entry>) -> Result<i64> {
    let count = entries.len() as i64;
    let first = raise(db, count).await? - count + 1;
    let mut rows = entries.into_iter().zip(first..).map(|(entry, position)| row(position, at, entry)).peekable();
    while rows.peek().is_some() {
        change::Entity::insert_many(rows.by_ref().take(ROWS)).exec_without_returning(db).await?;
    }
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("select pg_notify('lectern_changes', '')").await?;
    }
    Ok(first + count - 1)
}

async fn raise(db: &impl ConnectionTrait, count: i64) -> Result<i64> {
    let position = catalogue::Column::Position;
    let raised = catalogue::Entity::update_many()
        .col_expr(position, Expr::col(position).add(count))
        .exec_with_returning(db)
        .await?;
    raised.first().map(|row| row.position).ok_or_else(|| AppError::internal("the catalogue has no row"))
}

/// A random number, never negative, so that it stays what it is in every language that reads a cursor.
fn new_mark() -> i64 {
    let (high, _) = uuid::Uuid::new_v4().as_u64_pair();
    (high >> 12) as i64
}

fn row(position: i64, at: DateTime<Utc>, entry: Entry) -> change::ActiveModel {
    change::ActiveModel {
        position: Set(position),
        at: Set(at),
        actor: Set(entry.actor),
        action: Set(entry.action.to_owned()),
        listing_type: Set(entry.listing_type),
        listing_id: Set(entry.listing_id),
        slug: Set(entry.slug),
        provider_id: Set(entry.provider_id),
        event: Set(entry.event),
        fields: Set(entry.fields),
        mark: Set(Some(new_mark())),
    }
}
