//! Finished answers to anonymous queries, kept until the catalogue changes or the day does: "upcoming" moves at midnight
//! without a change. Errors are never kept, and nothing that was answered to somebody who signed in.
//!
//! The key is the request as it came in, so that a hit needs no parsing. Two spellings of one request are kept twice:
//! clients repeat theirs byte for byte.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use actix_web::http::header::{self, EntityTag, Header, HeaderValue, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use moka::sync::Cache;

use super::accept::ResponseFormat;
use crate::changelog::LogPoint;

/// How long others may keep an answer by GET without asking again.
const CACHE_CONTROL: &str = "public, max-age=10, must-revalidate";
/// What the bookkeeping of an answer takes, in bytes, about.
const ENTRY_OVERHEAD_BYTES: usize = 200;

/// The request that an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CacheKey {
    /// The form of the answer.
    pub(super) kind: ResponseFormat,
    /// Whether it came by GET.
    pub(super) by_get: bool,
    /// Its body, or its query string.
    pub(super) text: Bytes,
}

/// Generation of the catalogue that a cached response is valid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CacheGeneration {
    /// The point of the log.
    pub(super) point: LogPoint,
    /// The date in UTC.
    pub(super) date: NaiveDate,
}

/// The answers.
pub(super) struct ResponseCache(Cache<CacheKey, Arc<(CacheGeneration, Bytes)>>);

impl ResponseCache {
    /// As many answers as fit into so many megabytes.
    pub(super) fn new(megabytes: u64) -> Self {
        let weigh = |key: &CacheKey, kept: &Arc<(CacheGeneration, Bytes)>| {
            u32::try_from(key.text.len() + kept.1.len() + ENTRY_OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(megabytes * 1024 * 1024).weigher(weigh).build())
    }

    /// The answer to a request, if there is one that still holds.
    pub(super) fn get(&self, key: &CacheKey, now: CacheGeneration) -> Option<Bytes> {
        let kept = self.0.get(key)?;
        (kept.0 == now).then(|| kept.1.clone())
    }

    /// Keeps an answer in the place of an older one.
    pub(super) fn insert(&self, key: CacheKey, generation: CacheGeneration, answer: Bytes) {
        self.0.insert(key, Arc::new((generation, answer)));
    }
}

/// Tells whether a client has these bytes already.
pub(super) fn tag(bytes: &[u8]) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    EntityTag::new_strong(format!("{:016x}", hasher.finish()))
}

/// An answer by GET that others may keep for a moment, and that is not sent to who has it.
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

/// Whether the client says that it has what this tag stands for.
pub(super) fn matches_tag(request: &HttpRequest, tag: &EntityTag) -> bool {
    IfNoneMatch::parse(request).is_ok_and(|known| match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(tag)),
    })
}
