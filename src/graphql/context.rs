//! What a resolver finds in its context.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use async_graphql::Context;
use catalog::auth::Caller;
use catalog::dictionary::Dictionary;
use catalog::idempotency::Claim;
use catalog::snapshot::Snapshot;
use chrono::{DateTime, Utc};
use search::Reader;
use search::work::WorkMeter;

/// State of one request.
pub struct RequestContext {
    /// Time at which the request started.
    pub now: DateTime<Utc>,
    /// Who sent the request.
    pub caller: Caller,
    /// Address of the client, if known.
    pub client: Option<IpAddr>,
    /// Position in the log of the request's own last write; 0 if it has written nothing.
    pub written_position: Arc<AtomicI64>,
    /// Idempotency claim of the request.
    pub claim: Option<Claim>,
    /// Meter that the work of the request is charged to.
    pub meter: Arc<WorkMeter>,
    chain: SnapshotChain,
}

/// The snapshot a request answers from, followed by the newer one it switches to after a write of its own. The list
/// only grows, so that references into an older snapshot stay valid to the end.
struct SnapshotChain {
    snapshot: Arc<Snapshot>,
    search: Reader,
    next: OnceLock<Box<SnapshotChain>>,
}

impl SnapshotChain {
    fn new(snapshot: Arc<Snapshot>, meter: Arc<WorkMeter>) -> Self {
        Self { search: snapshot.search(meter), snapshot, next: OnceLock::new() }
    }

    fn last(&self) -> &Self {
        let mut chain = self;
        while let Some(next) = chain.next.get() {
            chain = next;
        }
        chain
    }
}

impl RequestContext {
    /// Starts a request.
    pub fn new(snapshot: Arc<Snapshot>, now: DateTime<Utc>, caller: Caller, meter: Arc<WorkMeter>) -> Self {
        let chain = SnapshotChain::new(snapshot, meter.clone());
        Self { now, caller, client: None, written_position: Arc::default(), claim: None, meter, chain }
    }

    /// Current snapshot. A query uses one snapshot throughout, so that all parts of its response agree.
    pub fn snapshot(&self) -> &Snapshot {
        &self.chain.last().snapshot
    }

    /// Search index, charged to the meter of this request.
    pub fn search(&self) -> &Reader {
        &self.chain.last().search
    }

    /// Continues with a newer snapshot after a write of this request, which got this position in the log.
    pub(super) fn advance(&self, position: i64, snapshot: Option<Arc<Snapshot>>) {
        self.written_position.fetch_max(position, Ordering::Relaxed);
        if let Some(snapshot) = snapshot {
            // Cannot fail: mutations run one after the other, so nobody else adds a snapshot at the same time.
            _ = self.chain.last().next.set(Box::new(SnapshotChain::new(snapshot, self.meter.clone())));
        }
    }
}

/// Access to the request from within a resolver.
pub trait ContextExt {
    /// Request that the resolver works for.
    fn request(&self) -> &RequestContext;

    /// Who sent the request.
    fn caller(&self) -> &Caller {
        &self.request().caller
    }

    /// Snapshot that the request answers from.
    fn snapshot(&self) -> &Snapshot {
        self.request().snapshot()
    }

    /// Search index, charged to the meter of the request.
    fn search(&self) -> &Reader {
        self.request().search()
    }

    /// Dictionary as of this request.
    fn dictionary(&self) -> &Dictionary {
        &self.snapshot().dictionary
    }
}

impl ContextExt for Context<'_> {
    fn request(&self) -> &RequestContext {
        self.data_unchecked::<RequestContext>()
    }
}
