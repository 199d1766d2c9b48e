//! Follower of the change log, one per process: reads changes in order, applies them to everything derived, and
//! publishes the result. It can be stopped at any moment, because the index stores its own position. Nothing else
//! writes derived data.

mod waker;

use std::sync::Arc;
use std::time::Duration;

use entity::{ListingType, catalogue};
use prometheus_client::metrics::counter::Counter;
use sea_orm::DatabaseConnection;
use search::{Index, IndexDirectory};
use tokio::sync::oneshot;

use crate::changelog;
use crate::changelog::{LogEntry, LogPoint};
use crate::database::counted;
use crate::dictionary::{self, Dictionary, Kinds};
use crate::error::{AppError, Result};
use crate::indexing;
use crate::snapshot::{Snapshot, SnapshotStore};
use waker::Waker;

/// Maximum number of changes applied in one index commit.
const CHANGES_PER_COMMIT: u64 = 1_000;
/// Delay after a failure, unless the database is unavailable.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Follower with its current derived state.
pub struct Follower {
    db: DatabaseConnection,
    snapshots: Arc<SnapshotStore>,
    directory: IndexDirectory,
    /// Number of statements so far.
    statements: Counter,
    /// Number of statements that applying changes has taken.
    apply_statements: Counter,
    /// Empty before the first success, and after a failure that leaves the state uncertain.
    derived: Option<Derived>,
}

/// Everything derived, at one log position.
struct Derived {
    index: Index,
    dictionary: Arc<Dictionary>,
    point: LogPoint,
}

impl Follower {
    /// Creates a follower that keeps its index in this directory.
    pub fn new(mut db: DatabaseConnection, snapshots: Arc<SnapshotStore>, directory: IndexDirectory) -> Self {
        let (statements, apply_statements) = (counted(&mut db), Counter::default());
        Self { db, snapshots, directory, statements, apply_statements, derived: None }
    }

    /// Number of statements that reading and applying changes has taken.
    pub fn apply_statements(&self) -> Counter {
        self.apply_statements.clone()
    }

    /// Follows the log until the other end of `stop` is dropped. Opens the index first, and builds it if there is no
    /// usable one.
    pub async fn run(mut self, stop: oneshot::Receiver<()>) {
        let mut waker = Waker::new(&self.db, self.snapshots.clone()).await;
        tokio::select! {
            _ = stop => {}
            () = self.follow(&mut waker) => {}
        }
        self.forget().await;
    }

    /// Brings everything up to the end of the log, once.
    pub async fn catch_up(mut self) -> Result<()> {
        while self.step().await? {}
        self.forget().await;
        Ok(())
    }

    async fn follow(&mut self, waker: &mut Waker) {
        let mut failing = false;
        loop {
            match self.step().await {
                Ok(more) => {
                    if std::mem::take(&mut failing) {
                        tracing::info!("the change log is followed again");
                    }
                    if !more {
                        waker.sleep().await;
                    }
                }
                Err(error) => {
                    // Logged once rather than on every attempt: a database may be unavailable for hours.
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(cause = error.cause(), "the change log cannot be followed at the moment");
                    }
                    self.recover(error, waker).await;
                }
            }
        }
    }

    /// Waits before the next attempt. Reloads derived state from disk and database, unless only the database is
    /// unavailable: after a commit that failed halfway, only the directory knows how far it got.
    async fn recover(&mut self, error: AppError, waker: &mut Waker) {
        if let AppError::Unavailable(_) = error {
            waker.sleep().await;
        } else {
            self.forget().await;
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
    }

    async fn forget(&mut self) {
        if let Some(derived) = self.derived.take() {
            derived.index.close().await;
        }
    }

    /// Takes the next step. Returns false if there was nothing to do.
    async fn step(&mut self) -> Result<bool> {
        let head = changelog::head(&self.db).await?;
        let fits = match &self.derived {
            Some(derived) => derived.fits(&self.db, &head).await?,
            None => false,
        };
        if !fits {
            self.forget().await;
            let mut derived = Derived::open(&self.db, &self.snapshots, &self.directory, &head).await?;
            // Catches up before publishing: a process must not become ready with an old state.
            while derived.point.position < head.position {
                derived.apply(&self.db).await?;
            }
            derived.publish(&self.snapshots).await?;
            self.derived = Some(derived);
            return Ok(true);
        }
        let Some(derived) = self.derived.as_mut().filter(|derived| derived.point.position < head.position) else {
            return Ok(false);
        };
        let before = self.statements.get();
        derived.apply(&self.db).await?;
        self.apply_statements.inc_by(self.statements.get() - before);
        derived.publish(&self.snapshots).await?;
        Ok(true)
    }
}

impl Derived {
    async fn open(
        db: &DatabaseConnection,
        snapshots: &SnapshotStore,
        directory: &IndexDirectory,
        head: &catalogue::Model,
    ) -> Result<Self> {
        let dictionary = Arc::new(dictionary::load(db, &Dictionary::default(), Kinds::ALL).await?);
        let mut index = Index::open(directory, &head.uid, head.position).await?;
        if let Some(point) = index.point()
            && !changelog::contains(db, point).await?
        {
            index = index.discard(directory, "of another history of the catalogue, which has been restored").await?;
        }
        let point = match index.point() {
            Some(point) => point,
            None => {
                let point = changelog::point_at(db, head.position).await?;
                indexing::build(&mut index, db, &dictionary, point, &snapshots.progress).await?;
                point
            }
        };
        Ok(Self { index, dictionary, point })
    }

    /// Whether the derived state can be continued. It cannot if the database was replaced by another one or by an older
    /// copy of itself, even if that copy has been written to since.
    async fn fits(&self, db: &DatabaseConnection, head: &catalogue::Model) -> Result<bool> {
        let is_behind = self.index.catalogue() == head.uid && self.point.position <= head.position;
        Ok(is_behind && changelog::contains(db, self.point).await?)
    }

    async fn apply(&mut self, db: &DatabaseConnection) -> Result<()> {
        let mut changes = changelog::after(db, self.point.position, CHANGES_PER_COMMIT).await?;
        let Some(last) = changes.last().map(LogEntry::point) else { return Ok(()) };
        let ratings = changes.iter().any(LogEntry::is_rating);
        changes.retain(LogEntry::is_of_listing);
        let stale = Kinds { ratings, ..kinds(&changes) };
        if stale != Kinds::default() {
            self.dictionary = Arc::new(dictionary::load(db, &self.dictionary, stale).await?);
        }
        indexing::apply(&mut self.index, db, &self.dictionary, &changes, last).await?;
        self.point = last;
        Ok(())
    }

    async fn publish(&mut self, snapshots: &SnapshotStore) -> Result<()> {
        let (dictionary, search) = (self.dictionary.clone(), self.index.reader().await?);
        snapshots.publish(Snapshot::new(self.point, dictionary, search));
        Ok(())
    }
}

fn kinds(changes: &[LogEntry]) -> Kinds {
    let any = |kind: ListingType| changes.iter().any(|change| change.listing_type == kind);
    Kinds {
        providers: any(ListingType::Provider),
        certifications: any(ListingType::Certification),
        careers: any(ListingType::Career),
        taxonomy: any(ListingType::Taxonomy),
        ratings: false,
    }
}
