//! What a resolver finds in its context.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use async_graphql::Context;
use chrono::{DateTime, Utc};

use crate::auth::Caller;
use crate::dictionary::Dictionary;
use crate::idempotency::Claim;
use crate::live::Snapshot;
use crate::search::Reader;
use crate::work::WorkMeter;

/// What holds for one request.
pub struct Request {
    /// When it began.
    pub now: DateTime<Utc>,
    /// Who sent it.
    pub caller: Caller,
    /// From where, as far as that is known.
    pub client: Option<IpAddr>,
    /// The last position of the log that it has written itself; 0 where it has written nothing.
    pub reached: Arc<AtomicI64>,
    /// Its claim, where it is to write once.
    pub claim: Option<Claim>,
    /// What pays for its work.
    pub meter: Arc<WorkMeter>,
    state: State,
}

/// The state of everything derived that a request answers from, and the one that took its place once the request had
/// written. A list that only grows, so that what was borrowed from an older state stays good to the end.
struct State {
    snapshot: Arc<Snapshot>,
    search: Reader,
    next: OnceLock<Box<State>>,
}

impl State {
    fn new(snapshot: Arc<Snapshot>, meter: Arc<WorkMeter>) -> Self {
        Self { search: snapshot.search(meter), snapshot, next: OnceLock::new() }
    }

    fn last(&self) -> &Self {
        let mut state = self;
        while let Some(next) = state.next.get() {
            state = next;
        }
        state
    }
}

impl Request {
    /// A request that begins.
    pub fn new(snapshot: Arc<Snapshot>, now: DateTime<Utc>, caller: Caller, meter: Arc<WorkMeter>) -> Self {
        let state = State::new(snapshot, meter.clone());
        Self { now, caller, client: None, reached: Arc::default(), claim: None, meter, state }
    }

    /// The state of everything derived: a query keeps one to its end, so that all parts of its answer agree.
    pub fn snapshot(&self) -> &Snapshot {
        &self.state.last().snapshot
    }

    /// The search index, on this request's account.
    pub fn search(&self) -> &Reader {
        &self.state.last().search
    }

    /// Goes on with the state after a write of its own, up to this position of the log.
    pub(super) fn go_on(&self, position: i64, snapshot: Option<Arc<Snapshot>>) {
        self.reached.fetch_max(position, Ordering::Relaxed);
        if let Some(snapshot) = snapshot {
            // Mutations run one after the other, so that nobody else adds a state meanwhile.
            _ = self.state.last().next.set(Box::new(State::new(snapshot, self.meter.clone())));
        }
    }
}

/// The request that a resolver works for.
pub trait InRequest {
    /// The request.
    fn request(&self) -> &Request;

    /// Who sent the request.
    fn caller(&self) -> &Caller {
        &self.request().caller
    }

    /// The state of everything derived that the request answers from.
    fn snapshot(&self) -> &Snapshot {
        self.request().snapshot()
    }

    /// The search index, on the account of the request.
    fn search(&self) -> &Reader {
        self.request().search()
    }

    /// The small tables as of this request.
    fn dictionary(&self) -> &Dictionary {
        &self.snapshot().dictionary
    }
}

impl InRequest for Context<'_> {
    fn request(&self) -> &Request {
        self.data_unchecked::<Request>()
    }
}
