//! Counters for daily limits. They are kept apart from what was created, because that may be deleted within the day,
//! and the limit must not start anew with it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::limited_action::{self, Column};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Writer, insert};
use crate::error::Result;

/// What may be done only so often a day.
#[derive(Clone, Copy, Debug)]
pub enum LimitedAction {
    /// Inviting someone to a provider.
    Invitation,
    /// Sending an invitation to an address.
    InvitationLetter,
    /// Writing a review.
    Review,
    /// Reporting a review.
    Report,
}

impl LimitedAction {
    /// Stored name.
    fn name(self) -> &'static str {
        match self {
            LimitedAction::Invitation => "invitation",
            LimitedAction::InvitationLetter => "invitation-letter",
            LimitedAction::Review => "review",
            LimitedAction::Report => "report",
        }
    }
}

/// Limited action, with the account, provider or address that the limit applies to.
#[derive(Clone, Debug)]
pub struct DailyCounter {
    action: LimitedAction,
    scope: String,
}

impl DailyCounter {
    /// Action of an account or a provider.
    pub fn of(action: LimitedAction, id: i64) -> Self {
        Self { action, scope: id.to_string() }
    }

    /// Action on an address, which is stored as a hash.
    pub fn to(action: LimitedAction, address: &str) -> Self {
        Self { action, scope: crate::secret::hash(address) }
    }

    /// Number of times the action was performed in the last 24 hours. `rows` is the number of rows created in that
    /// time: it covers actions from before they were counted.
    pub async fn count(&self, db: &impl ConnectionTrait, now: DateTime<Utc>, rows: u64) -> Result<u64> {
        let done = limited_action::Entity::find().filter(Column::Action.eq(self.action.name()));
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
        action: limited.action.name().to_owned(),
        scope: limited.scope.clone(),
        at,
    };
    insert::<limited_action::Entity>(db, done.iter().map(row).collect()).await
}
