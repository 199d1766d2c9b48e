//! Snapshots that this process serves from: the newest derived state, published by the follower only. A request uses
//! one snapshot throughout, so that all parts of its response agree.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use search::Reader;
use search::work::WorkMeter;
use tokio::sync::{Notify, watch};

use crate::changelog::LogPoint;
use crate::clock::Clock;
use crate::dictionary::Dictionary;

/// Number of earlier snapshots of which the store knows when they were replaced.
const REMEMBERED: usize = 10_000;

/// Everything derived, at one log position.
pub struct Snapshot {
    /// Point of the log: every change up to it is included.
    pub point: LogPoint,
    /// Small tables.
    pub dictionary: Arc<Dictionary>,
    search: Reader,
}

impl Snapshot {
    /// Creates a snapshot at this point of the log.
    pub fn new(point: LogPoint, dictionary: Arc<Dictionary>, search: Reader) -> Self {
        Self { point, dictionary, search }
    }

    /// Search index for one request, charged to its meter.
    pub fn search(&self, meter: Arc<WorkMeter>) -> Reader {
        self.search.for_request(meter)
    }
}

/// Progress of building the search index, in courses. Both numbers are 0 before, and if it need not be built.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// Begins with this total.
    pub fn begin(&self, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// Adds finished courses.
    pub fn add(&self, count: u64) {
        let done = self.done.fetch_add(count, Ordering::Relaxed) + count;
        tracing::info!(done, total = self.total.load(Ordering::Relaxed), "building the search index");
    }

    /// Returns the number of finished courses and the total.
    pub fn get(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// Holder of the newest snapshot. Empty until the process is ready.
pub struct SnapshotStore {
    /// Progress of the index while there is no snapshot.
    pub progress: Progress,
    clock: Arc<dyn Clock>,
    current: ArcSwapOption<Snapshot>,
    /// Points of earlier snapshots, each with the time at which a newer one replaced it.
    replaced: Mutex<VecDeque<(LogPoint, Duration)>>,
    position: watch::Sender<i64>,
    requested: Notify,
}

impl SnapshotStore {
    /// Creates an empty store.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            progress: Progress::default(),
            clock,
            current: ArcSwapOption::empty(),
            replaced: Mutex::default(),
            position: watch::Sender::new(-1),
            requested: Notify::new(),
        }
    }

    /// Newest snapshot; `None` while the index is being built.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full()
    }

    /// Replaces the snapshot with a newer one.
    pub fn publish(&self, snapshot: Snapshot) {
        let point = snapshot.point;
        let before = self.current.swap(Some(Arc::new(snapshot))).map(|before| before.point);
        if let Some(before) = before.filter(|before| *before != point) {
            let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
            // After a restored backup, earlier positions belong to another history.
            if before.position >= point.position {
                replaced.clear();
            } else {
                replaced.push_back((before, self.clock.uptime()));
            }
            if replaced.len() > REMEMBERED {
                replaced.pop_front();
            }
        }
        self.position.send_replace(point.position);
    }

    /// Whether the snapshot at this point is the newest one, or was replaced less than `max_age` ago.
    pub fn is_recent(&self, point: LogPoint, max_age: Duration) -> bool {
        if self.current.load().as_ref().is_some_and(|current| current.point == point) {
            return true;
        }
        let replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        let found = replaced.binary_search_by_key(&point.position, |(before, _)| before.position);
        let found = found.ok().and_then(|index| replaced.get(index)).filter(|(before, _)| *before == point);
        found.is_some_and(|(_, at)| self.clock.uptime().saturating_sub(*at) < max_age)
    }

    /// Waits until this process has reached a position. Returns false if it does not within the limit.
    pub async fn wait_for(&self, position: i64, limit: Duration) -> bool {
        let mut seen = self.position.subscribe();
        if *seen.borrow() < position {
            self.requested.notify_one();
        }
        tokio::time::timeout(limit, seen.wait_for(|now| *now >= position)).await.is_ok_and(|seen| seen.is_ok())
    }

    /// Waits until a request waits for a position. The follower wakes on this, so that the request need not wait for
    /// the next poll.
    pub async fn wait_for_request(&self) {
        self.requested.notified().await;
    }

    /// Receiver that is notified of every newer snapshot.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.position.subscribe()
    }
}
