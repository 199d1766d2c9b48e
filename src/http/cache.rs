//! Cache of complete responses to anonymous queries, valid until the catalogue or the date changes: "upcoming" moves at
//! midnight without a change. Errors and responses to signed-in callers are never cached.
//!
//! The key is the raw request, so that a hit needs no parsing. Two spellings of one request are cached twice: clients
//! repeat theirs byte for byte.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use actix_web::http::header::{self, EntityTag, Header, HeaderValue, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use catalog::changelog::LogPoint;
use chrono::NaiveDate;
use moka::sync::Cache;

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

pub(super) struct ResponseCache(Cache<CacheKey, Arc<(CacheGeneration, Bytes)>>);

impl ResponseCache {
    /// Creates a cache of this many megabytes.
    pub(super) fn new(megabytes: u64) -> Self {
        let weigh = |key: &CacheKey, entry: &Arc<(CacheGeneration, Bytes)>| {
            u32::try_from(key.text.len() + entry.1.len() + ENTRY_OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(megabytes * 1024 * 1024).weigher(weigh).build())
    }

    /// Returns the response to a request, if there is one that is still valid.
    pub(super) fn get(&self, key: &CacheKey, now: CacheGeneration) -> Option<Bytes> {
        let entry = self.0.get(key)?;
        (entry.0 == now).then(|| entry.1.clone())
    }

    /// Stores a response, replacing an older one.
    pub(super) fn insert(&self, key: CacheKey, generation: CacheGeneration, answer: Bytes) {
        self.0.insert(key, Arc::new((generation, answer)));
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
