//! Scheduled publishing: a course becomes public at the time that its provider has said, once, however many processes
//! serve the catalogue; while its provider is not active it waits. Woken by the clock, and by the log where a course is
//! scheduled for sooner or a provider becomes active: nobody has to look again and again. What must not go in: what
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

/// Courses of one transaction.
const COURSES_PER_TRANSACTION: u64 = 500;
/// How long it waits after a failure, and where somebody else is writing to what is due.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// What publishes courses at their time.
pub struct Schedule {
    database: Database,
    snapshots: Arc<SnapshotStore>,
    writer: Writer,
}

/// A course that waits to be published: its provider, and when.
type Waiting = (i64, DateTime<Utc>);

impl Schedule {
    /// The schedule of a catalogue, by this clock.
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
                    // Once, not with every attempt: a database may be away for hours.
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(cause = error.cause(), "courses cannot be published on time at the moment");
                    }
                    tokio::time::sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }

    /// Publishes all that is due, and gives the time at which the next course is.
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

    /// Publishes what is due of one provider, and says how much that was.
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

/// The course of an active provider that is next.
async fn next(db: &DatabaseConnection) -> Result<Option<Waiting>> {
    let active = provider::Entity::find().filter(provider::Column::Status.eq(ProviderStatus::Active));
    let active = active.select_only().column(provider::Column::Id).into_query();
    let first = waiting().filter(Column::ScheduledFor.is_not_null()).filter(Column::ProviderId.in_subquery(active));
    let first = first.select_only().columns([Column::ProviderId, Column::ScheduledFor]);
    Ok(first.into_tuple().one(db).await?)
}

/// The courses of a provider that are due by now. Its row is locked, as every writer of its courses does, so that it
/// stays active until the commit and nobody else publishes them; where it is locked already they are left to the next
/// time, since whoever has it may be another process that is doing the same.
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
