//! Results of one request so far: equal conditions and equal texts are evaluated once, however often the request
//! contains them. Bounded, and released with the request. Does not belong here: how conditions and texts are evaluated.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use tantivy::{DocId, Score};

use super::condition::Condition;
use super::text_query::Strictness;
use crate::error::Result;
use crate::work::WorkMeter;

/// Bytes of the cache. Results that do not fit are computed, and charged, again.
const MAX_CACHE_BYTES: usize = 8 * 1024 * 1024;
/// Approximate overhead of an entry in bytes.
const ENTRY_BYTES: usize = 200;

/// Documents that a condition applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Courses,
    Offerings,
}

/// Courses that match a text.
pub(super) struct TextMatches {
    pub(super) strictness: Strictness,
    pub(super) segments: Vec<TextSegment>,
}

/// Courses that match a text in a segment.
pub(super) struct TextSegment {
    /// Scores, in the order of the documents.
    pub(super) scores: Vec<(DocId, Score)>,
    pub(super) documents: Arc<RoaringBitmap>,
}

impl TextSegment {
    fn bytes(&self) -> usize {
        size_of_val(self.scores.as_slice()) + self.documents.serialized_size()
    }
}

/// Evaluation of one request.
pub(super) struct Evaluation {
    /// Meter that the work is charged to.
    pub(super) meter: Arc<WorkMeter>,
    cache: Mutex<EvaluationCache>,
}

/// Condition on the documents of a segment, identified by its index.
type SetKey = (usize, Scope, Condition);

/// Conditions that courses meet, and the text that they match.
pub(super) type CoursesKey = (Vec<Condition>, Option<(String, Strictness)>);

#[derive(Default)]
struct EvaluationCache {
    sets: FxHashMap<SetKey, Arc<RoaringBitmap>>,
    texts: FxHashMap<(String, Strictness), Arc<TextMatches>>,
    courses: FxHashMap<CoursesKey, Arc<Vec<RoaringBitmap>>>,
    bytes: usize,
}

impl Evaluation {
    pub(super) fn new(meter: Arc<WorkMeter>) -> Self {
        Self { meter, cache: Mutex::default() }
    }

    /// Returns the documents of a condition.
    pub(super) fn set(
        &self,
        segment: usize,
        scope: Scope,
        condition: &Condition,
        find: impl FnOnce() -> Result<RoaringBitmap>,
    ) -> Result<Arc<RoaringBitmap>> {
        let bytes = |found: &RoaringBitmap| condition.bytes() + found.serialized_size();
        self.cached(|cache| &mut cache.sets, (segment, scope, condition.clone()), find, bytes)
    }

    /// Returns the documents of a text with a strictness. The facts in a text are the same throughout a request.
    pub(super) fn text(
        &self,
        text: &str,
        strictness: Strictness,
        find: impl FnOnce() -> Result<TextMatches>,
    ) -> Result<Arc<TextMatches>> {
        let bytes = |found: &TextMatches| text.len() + found.segments.iter().map(TextSegment::bytes).sum::<usize>();
        self.cached(|cache| &mut cache.texts, (text.to_owned(), strictness), find, bytes)
    }

    /// Returns the courses that meet conditions and match a text, by segment.
    pub(super) fn courses(
        &self,
        key: CoursesKey,
        find: impl FnOnce() -> Result<Vec<RoaringBitmap>>,
    ) -> Result<Arc<Vec<RoaringBitmap>>> {
        let own = key.0.iter().map(Condition::bytes).sum::<usize>();
        let bytes = |found: &Vec<RoaringBitmap>| own + found.iter().map(RoaringBitmap::serialized_size).sum::<usize>();
        self.cached(|cache| &mut cache.courses, key, find, bytes)
    }

    /// Returns a result from the cache, or finds it and caches it if it fits.
    fn cached<K: Eq + Hash, V>(
        &self,
        results: fn(&mut EvaluationCache) -> &mut FxHashMap<K, Arc<V>>,
        key: K,
        find: impl FnOnce() -> Result<V>,
        bytes: impl FnOnce(&V) -> usize,
    ) -> Result<Arc<V>> {
        if let Some(known) = results(&mut self.cache()).get(&key) {
            return Ok(known.clone());
        }
        self.meter.check()?;
        let found = Arc::new(find()?);
        let mut cache = self.cache();
        let bytes = cache.bytes + ENTRY_BYTES + bytes(&found);
        if bytes <= MAX_CACHE_BYTES {
            cache.bytes = bytes;
            results(&mut cache).insert(key, found.clone());
        }
        Ok(found)
    }

    fn cache(&self) -> MutexGuard<'_, EvaluationCache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn condition(text: &str) -> Condition {
        Condition::PricedIn(text.to_owned())
    }

    fn evaluation() -> Evaluation {
        Evaluation::new(Arc::new(WorkMeter::unlimited()))
    }

    #[test]
    fn equal_conditions_are_evaluated_once_a_segment_and_a_kind_of_document() {
        let (evaluation, times) = (evaluation(), Cell::new(0));
        let look = |segment, scope, text: &str| {
            let find = || {
                times.set(times.get() + 1);
                Ok((0..times.get()).collect())
            };
            evaluation.set(segment, scope, &condition(text), find).unwrap().len()
        };
        assert_eq!((look(0, Scope::Courses, "USD"), look(0, Scope::Courses, "USD")), (1, 1));
        assert_eq!((look(0, Scope::Offerings, "USD"), look(1, Scope::Courses, "USD")), (2, 3));
        assert_eq!((look(0, Scope::Courses, "EUR"), look(0, Scope::Courses, "USD")), (4, 1));
    }

    #[test]
    fn what_is_kept_has_a_bound_and_what_does_not_fit_is_found_anew() {
        let (evaluation, times) = (evaluation(), Cell::new(0));
        // Every other number: about the largest possible set.
        let large: RoaringBitmap = (0..2_000_000).step_by(2).collect();
        for round in 0..2 {
            for place in 0..100 {
                let find = || {
                    times.set(times.get() + 1);
                    Ok(large.clone())
                };
                assert_eq!(evaluation.set(place, Scope::Courses, &condition("USD"), find).unwrap().len(), 1_000_000);
            }
            assert!(evaluation.cache().bytes <= MAX_CACHE_BYTES, "{round}");
        }
        assert!((101..200).contains(&times.get()), "{}", times.get());
    }

    #[test]
    fn a_request_that_is_over_evaluates_nothing_more() {
        let meter = Arc::new(WorkMeter::unlimited());
        meter.cancel();
        let found = Evaluation::new(meter).set(0, Scope::Courses, &condition("USD"), || unreachable!("looked"));
        assert!(found.is_err());
    }
}
