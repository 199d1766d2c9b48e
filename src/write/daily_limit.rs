//! Counters for daily limits. They are kept apart from what was created, because that may be deleted within the day,
//! and the limit must not start anew with it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::limited_action::{self, Column};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Writer, insert};
use crate::error::Result;

/// Limited action, with the account, provider or address that the limit applies to.
#[derive(Clone, Debug)]
pub struct DailyCounter {
    action: &'static str,
    scope: String,
}

impl DailyCounter {
    /// Action of an account or a provider.
    pub fn of(action: &'static str, id: i64) -> Self {
        Self { action, scope: id.to_string() }
    }

    /// Action on an address, which is stored as a hash.
    pub fn to(action: &'static str, address: &str) -> Self {
        Self { action, scope: crate::auth::secret::hash(address) }
    }

    /// Number of times the action was performed in the last 24 hours. `rows` is the number of rows created in that
    /// time: it covers actions from before they were counted.
    pub async fn count(&self, db: &impl ConnectionTrait, now: DateTime<Utc>, rows: u64) -> Result<u64> {
        let done = limited_action::Entity::find().filter(Column::Action.eq(self.action));
        let done = done.filter(Column::Scope.eq(&self.scope)).filter(Column::At.gt(now - TimeDelta::days(1)));
        Ok(done.count(db).await?.max(rows))
    }
}

/// Counts one performance of these actions, and deletes counts older than 24 hours.
pub async fn record(db: &impl ConnectionTrait, writer: &Writer, done: &[DailyCounter]) -> Result<()> {
    let at = writer.now();
    limited_action::Entity::delete_many().filter(Column::At.lte(at - TimeDelta::days(1))).exec(db).await?;
    let row = |limited: &DailyCounter| limited_action::Model {
        id: writer.ids.next(),
        action: limited.action.to_owned(),
        scope: limited.scope.clone(),
        at,
    };
    insert::<limited_action::Entity>(db, done.iter().map(row).collect()).await
}
