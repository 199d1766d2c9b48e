//! What this process serves from: the newest state of everything derived, published by the follower and by nobody
//! else. A request takes one snapshot and keeps it to its end, so that all parts of an answer agree.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use crate::dictionary::Dictionary;
use crate::search::Reader;

/// Everything derived, at one position of the log.
pub struct Snapshot {
    /// The position up to which every change is in it.
    pub position: i64,
    /// The small tables.
    pub dictionary: Arc<Dictionary>,
    /// The search index.
    pub search: Reader,
}

/// Where the newest snapshot is found; empty until the process is ready.
pub struct Live {
    current: ArcSwapOption<Snapshot>,
    position: watch::Sender<i64>,
}

impl Default for Live {
    fn default() -> Self {
        Self { current: ArcSwapOption::empty(), position: watch::Sender::new(-1) }
    }
}

impl Live {
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
    pub async fn reached(&self, position: i64, limit: Duration) -> bool {
        let mut seen = self.position.subscribe();
        tokio::time::timeout(limit, seen.wait_for(|now| *now >= position)).await.is_ok_and(|seen| seen.is_ok())
    }

    /// Wakes whenever a newer snapshot is there.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.position.subscribe()
    }
}
