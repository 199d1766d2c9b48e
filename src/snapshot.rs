//! What this process serves from: the newest state of everything derived, published by the follower and by nobody
//! else. A request takes one snapshot and keeps it to its end, so that all parts of an answer agree.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::{Notify, watch};

use crate::changelog::LogPoint;
use crate::dictionary::Dictionary;
use crate::search::Reader;
use crate::work::WorkMeter;

/// Everything derived, at one position of the log.
pub struct Snapshot {
    /// The position up to which every change is in it.
    pub position: i64,
    /// The mark of the change at that position, which tells it from the same position of another history.
    pub mark: Option<i64>,
    /// The small tables.
    pub dictionary: Arc<Dictionary>,
    search: Reader,
}

impl Snapshot {
    /// Everything derived at this point of the log.
    pub fn new(point: LogPoint, dictionary: Arc<Dictionary>, search: Reader) -> Self {
        Self { position: point.position, mark: point.mark, dictionary, search }
    }

    /// The point of the log that it is of.
    pub fn point(&self) -> LogPoint {
        LogPoint { position: self.position, mark: self.mark }
    }

    /// The search index for one request, which pays for what it looks at.
    pub fn search(&self, meter: Arc<WorkMeter>) -> Reader {
        self.search.for_request(meter)
    }
}

/// How far the search index is built, in courses; both 0 before and where it need not be built.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// Building begins, of so many.
    pub fn begin(&self, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// So many more are done.
    pub fn add(&self, count: u64) {
        let done = self.done.fetch_add(count, Ordering::Relaxed) + count;
        tracing::info!(done, total = self.total.load(Ordering::Relaxed), "building the search index");
    }

    /// How many are done, and of how many.
    pub fn get(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// Holder of the newest snapshot; empty until the process is ready.
pub struct SnapshotStore {
    /// How far the index is built while there is no snapshot.
    pub progress: Progress,
    current: ArcSwapOption<Snapshot>,
    position: watch::Sender<i64>,
    requested: Notify,
}

impl Default for SnapshotStore {
    fn default() -> Self {
        let position = watch::Sender::new(-1);
        Self { progress: Progress::default(), current: ArcSwapOption::empty(), position, requested: Notify::new() }
    }
}

impl SnapshotStore {
    /// The newest snapshot; `None` while the index is being built.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Puts a newer snapshot in the place of the last one.
    pub fn publish(&self, snapshot: Snapshot) {
        let position = snapshot.position;
        self.current.store(Some(Arc::new(snapshot)));
        self.position.send_replace(position);
    }

    /// Waits until this process has got to a position, and says whether it has within the limit.
    pub async fn wait_for(&self, position: i64, limit: Duration) -> bool {
        let mut seen = self.position.subscribe();
        if *seen.borrow() < position {
            self.requested.notify_one();
        }
        tokio::time::timeout(limit, seen.wait_for(|now| *now >= position)).await.is_ok_and(|seen| seen.is_ok())
    }

    /// Wakes the follower when somebody waits for a position, so that nobody waits for its next look at the log.
    pub async fn wait_for_request(&self) {
        self.requested.notified().await;
    }

    /// Wakes whenever a newer snapshot is there.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.position.subscribe()
    }
}
