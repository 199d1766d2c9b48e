//! What daily limits count. It is kept beside what was made, since that may be deleted within the day, and a limit that
//! starts anew with it is none.

use chrono::{DateTime, TimeDelta, Utc};
use entity::limited_action::{self, Column};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Writer, insert};
use crate::error::Result;

/// An action that is limited, and whom the limit is for.
#[derive(Clone, Debug)]
pub struct Limited {
    action: &'static str,
    scope: String,
}

impl Limited {
    /// Of an account or a provider.
    pub fn of(action: &'static str, id: i64) -> Self {
        Self { action, scope: id.to_string() }
    }

    /// To an address, which is kept as a hash.
    pub fn to(action: &'static str, address: &str) -> Self {
        Self { action, scope: crate::auth::secret::hash(address) }
    }

    /// How often it was done within a day. What was made before this was counted is counted by its rows, of which there
    /// are so many.
    pub async fn count(&self, db: &impl ConnectionTrait, now: DateTime<Utc>, rows: u64) -> Result<u64> {
        let done = limited_action::Entity::find().filter(Column::Action.eq(self.action));
        let done = done.filter(Column::Scope.eq(&self.scope)).filter(Column::At.gt(now - TimeDelta::days(1)));
        Ok(done.count(db).await?.max(rows))
    }
}

/// Notes that something was done that these limits count, and forgets what is older than a day.
pub async fn note(db: &impl ConnectionTrait, writer: &Writer, done: &[Limited]) -> Result<()> {
    let at = writer.now();
    limited_action::Entity::delete_many().filter(Column::At.lte(at - TimeDelta::days(1))).exec(db).await?;
    let row = |limited: &Limited| limited_action::Model {
        id: writer.ids.next(),
        action: limited.action.to_owned(),
        scope: limited.scope.clone(),
        at,
    };
    insert::<limited_action::Entity>(db, done.iter().map(row).collect()).await
}
