//! Cache of complete responses to anonymous queries. A response is valid until the date changes, since "upcoming" moves
//! at midnight without a change of the catalogue, and for a moment after the catalogue has changed: otherwise every write
//! would empty the cache. Identical requests that miss at the same time are computed once. Errors and responses to
//! signed-in callers are never cached.
//!
//! The key is the raw request, so that a hit needs no parsing. Two spellings of one request are cached twice: clients
//! repeat theirs byte for byte.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::{self, EntityTag, Header, HeaderValue, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use catalog::changelog::LogPoint;
use chrono::NaiveDate;
use moka::sync::Cache;
use tokio::sync::watch;

use super::accept::ResponseFormat;

/// Cache policy for GET responses.
const CACHE_CONTROL: &str = "public, max-age=10, must-revalidate";
/// Approximate overhead of an entry in bytes.
const ENTRY_OVERHEAD_BYTES: usize = 200;

/// Request that a response belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    pub(super) kind: ResponseFormat,
    pub(super) by_get: bool,
    /// Request body or query string.
    pub(super) text: Bytes,
}

/// Generation of the catalogue that a cached response is valid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CacheGeneration {
    /// Log position and mark.
    pub(super) point: LogPoint,
    /// Current date in UTC.
    pub(super) date: NaiveDate,
}

pub(super) struct ResponseCache {
    responses: Cache<CacheKey, Arc<(CacheGeneration, Bytes)>>,
    /// Requests that are being computed.
    running: Arc<Running>,
}

/// Requests that are being computed, each with a channel that closes when it is done.
#[derive(Default)]
struct Running(Mutex<HashMap<CacheKey, watch::Receiver<()>>>);

impl Running {
    fn requests(&self) -> MutexGuard<'_, HashMap<CacheKey, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Part of a request that misses the cache.
pub(super) enum Miss {
    /// It computes the response, for itself and for those who wait.
    First(Computation),
    /// Another one computes it: the channel closes when that one is done.
    Waits(watch::Receiver<()>),
}

/// Computation of a response. Whoever waits for it goes on when it is dropped.
pub(super) struct Computation {
    running: Arc<Running>,
    key: CacheKey,
    _done: watch::Sender<()>,
}

impl Drop for Computation {
    fn drop(&mut self) {
        self.running.requests().remove(&self.key);
    }
}

impl ResponseCache {
    /// Creates a cache of this many megabytes.
    pub(super) fn new(megabytes: u64) -> Self {
        let weigh = |key: &CacheKey, entry: &Arc<(CacheGeneration, Bytes)>| {
            u32::try_from(key.text.len() + entry.1.len() + ENTRY_OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        let responses = Cache::builder().max_capacity(megabytes * 1024 * 1024).weigher(weigh).build();
        Self { responses, running: Arc::default() }
    }

    /// Returns the response to a request and its log position, if there is one whose generation is still valid.
    pub(super) fn get(&self, key: &CacheKey, is_valid: impl Fn(&CacheGeneration) -> bool) -> Option<(i64, Bytes)> {
        let entry = self.responses.get(key)?;
        is_valid(&entry.0).then(|| (entry.0.point.position, entry.1.clone()))
    }

    /// Stores a response, replacing an older one.
    pub(super) fn insert(&self, key: CacheKey, generation: CacheGeneration, answer: Bytes) {
        self.responses.insert(key, Arc::new((generation, answer)));
    }

    /// Registers a request that misses the cache.
    pub(super) fn miss(&self, key: &CacheKey) -> Miss {
        match self.running.requests().entry(key.clone()) {
            Entry::Occupied(running) => Miss::Waits(running.get().clone()),
            Entry::Vacant(place) => {
                let (done, running) = watch::channel(());
                place.insert(running);
                Miss::First(Computation { running: self.running.clone(), key: key.clone(), _done: done })
            }
        }
    }
}

/// Tag by which a client can tell whether it already has these bytes.
pub(super) fn tag(bytes: &[u8]) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    EntityTag::new_strong(format!("{:016x}", hasher.finish()))
}

/// Builds a GET response that others may cache briefly, without a body if the client already has it.
pub(super) fn shareable(
    request: &HttpRequest,
    tag: &EntityTag,
    respond: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    let mut answer = if matches_tag(request, tag) { HttpResponse::NotModified().finish() } else { respond() };
    let headers = answer.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Authorization"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    if let Ok(tag) = tag.to_string().try_into() {
        headers.insert(header::ETAG, tag);
    }
    answer
}

/// Whether the client already has what this tag stands for.
pub(super) fn matches_tag(request: &HttpRequest, tag: &EntityTag) -> bool {
    IfNoneMatch::parse(request).is_ok_and(|known| match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(tag)),
    })
}
