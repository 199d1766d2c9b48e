//! Scheduled publishing: a course becomes public at the time set by its provider, exactly once, however many processes
//! serve the catalogue. While its provider is not active, it waits. The clock wakes the schedule, and so does the log
//! when a course is scheduled earlier or a provider becomes active, so no polling is needed. Does not belong here: what
//! publishing a course means.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::course::{self, Column};
use entity::{ListingStatus, ProviderStatus, provider};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::course::write::{RowResult, StatusTransition, WriteOptions, change_status};
use crate::database::Database;
use crate::error::Result;
use crate::snapshot::SnapshotStore;
use crate::write::{Writer, in_transaction};

const COURSES_PER_TRANSACTION: u64 = 500;
/// Delay after a failure, and while another writer has locked what is due.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Publishes courses at their scheduled time.
pub struct Schedule {
    database: Database,
    snapshots: Arc<SnapshotStore>,
    writer: Writer,
}

impl Schedule {
    /// Creates the schedule of a catalogue.
    pub fn new(database: Database, snapshots: Arc<SnapshotStore>, clock: Arc<dyn Clock>) -> Self {
        Self { database, snapshots, writer: Writer::new("schedule", clock) }
    }

    /// Publishes until the other end of `stop` is dropped.
    pub async fn run(self, stop: oneshot::Receiver<()>) {
        tokio::select! {
            _ = stop => {}
            () = self.keep() => {}
        }
    }

    async fn keep(&self) {
        let mut changes = self.snapshots.watch();
        let mut failing = false;
        loop {
            changes.mark_unchanged();
            match self.step().await {
                Ok(next) => {
                    failing = false;
                    tokio::select! {
                        _ = changes.changed() => {}
                        () = self.until(next) => {}
                    }
                }
                Err(error) => {
                    // Logged once rather than on every attempt: a database may be unavailable for hours.
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(cause = error.cause(), "courses cannot be published on time at the moment");
                    }
                    tokio::time::sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }

    /// Publishes everything that is due, and returns the time of the next scheduled course.
    async fn step(&self) -> Result<Option<DateTime<Utc>>> {
        loop {
            let Some((provider, time)) = next(&self.database.follow).await? else { return Ok(None) };
            if time > self.writer.now() {
                return Ok(Some(time));
            }
            if self.publish(provider).await? == 0 {
                tokio::time::sleep(RETRY_INTERVAL).await;
            }
        }
    }

    async fn until(&self, time: Option<DateTime<Utc>>) {
        match time {
            Some(time) => self.writer.clock.until(time).await,
            None => pending().await,
        }
    }

    /// Publishes the due courses of one provider, and returns their number.
    async fn publish(&self, provider: i64) -> Result<usize> {
        in_transaction(&self.database.write, async |tx| {
            let courses = due(&tx, provider, self.writer.now()).await?;
            let options =
                WriteOptions { writer: &self.writer, provider, publish_new: false, all_or_none: false, agrees: false };
            let turned = change_status(&tx, &options, &courses, &StatusTransition::Publish).await?;
            Ok(turned.results.iter().filter(|outcome| matches!(outcome, RowResult::Updated(_))).count())
        })
        .await
    }
}

fn waiting() -> Select<course::Entity> {
    course::Entity::find().filter(Column::Status.eq(ListingStatus::Draft)).order_by_asc(Column::ScheduledFor)
}

/// Provider and time of the next scheduled course of an active provider.
async fn next(db: &DatabaseConnection) -> Result<Option<(i64, DateTime<Utc>)>> {
    let active = provider::Entity::find().filter(provider::Column::Status.eq(ProviderStatus::Active));
    let active = active.select_only().column(provider::Column::Id).into_query();
    let first = waiting().filter(Column::ScheduledFor.is_not_null()).filter(Column::ProviderId.in_subquery(active));
    let first = first.select_only().columns([Column::ProviderId, Column::ScheduledFor]);
    Ok(first.into_tuple().one(db).await?)
}

/// Due courses of a provider. Locks the provider's row, as every writer of its courses does, so that it stays active
/// until the commit and nobody else publishes them. If it is locked already, they are left for the next time, since the
/// holder may be another process doing the same.
async fn due(db: &DatabaseTransaction, provider: i64, now: DateTime<Utc>) -> Result<Vec<i64>> {
    let owner = provider::Entity::find_by_id(provider)
        .filter(provider::Column::Status.eq(ProviderStatus::Active))
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    if owner.one(db).await?.is_none() {
        return Ok(Vec::new());
    }
    let due = waiting().filter(Column::ProviderId.eq(provider)).filter(Column::ScheduledFor.lte(now));
    Ok(due.select_only().column(Column::Id).limit(COURSES_PER_TRANSACTION).into_tuple().all(db).await?)
}
