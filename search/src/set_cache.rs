//! Sets of documents that meet a condition, kept for later requests. They do not depend on deletions, so they stay true
//! as long as their segment exists. Does not belong here: how conditions are evaluated.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::condition::Condition;

/// Bytes per document of the segment. A set takes at most one bit per document, or two bytes per member, so this holds
/// a hundred large sets and thousands of small ones: all members of all closed lists, and every skill and provider. In
/// proportion to the segment, so that each gets its share, and all of them together 64 MB at four million documents.
const BYTES_PER_DOCUMENT: usize = 16;
/// Least number of bytes per segment.
const MIN_BYTES: usize = 64 * 1024;
/// Approximate overhead of an entry in bytes.
const ENTRY_BYTES: usize = 150;

/// Sets of a segment by their condition.
pub(super) struct SetCache {
    max_bytes: usize,
    state: RwLock<CacheState>,
}

#[derive(Default)]
struct CacheState {
    sets: FxHashMap<Condition, Entry>,
    bytes: usize,
}

struct Entry {
    set: Arc<RoaringBitmap>,
    bytes: usize,
    /// Whether it was used since the last eviction. What is used only once goes first, so that one client that tries many
    /// conditions does not evict those that all use.
    is_used: AtomicBool,
}

impl SetCache {
    /// Creates a cache for a segment of this many documents.
    pub(super) fn new(documents: u32) -> Self {
        Self { max_bytes: MIN_BYTES.max(documents as usize * BYTES_PER_DOCUMENT), state: RwLock::default() }
    }

    /// Set of a condition, if it is known.
    pub(super) fn get(&self, condition: &Condition) -> Option<Arc<RoaringBitmap>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let entry = state.sets.get(condition)?;
        entry.is_used.store(true, Ordering::Relaxed);
        Some(entry.set.clone())
    }

    /// Keeps a set. Evicts others if they take too much, and does not keep it if it takes too much itself.
    pub(super) fn insert(&self, condition: &Condition, set: &Arc<RoaringBitmap>) {
        let bytes = ENTRY_BYTES + condition.bytes() + set.serialized_size();
        if bytes > self.max_bytes / 2 {
            return;
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.bytes + bytes > self.max_bytes {
            state.evict(|entry| !entry.is_used.swap(false, Ordering::Relaxed));
        }
        if state.bytes + bytes > self.max_bytes {
            state.evict(|_| true);
        }
        let entry = Entry { set: set.clone(), bytes, is_used: AtomicBool::new(false) };
        let replaced = state.sets.insert(condition.clone(), entry);
        state.bytes += bytes;
        state.bytes -= replaced.map_or(0, |entry| entry.bytes);
    }

    /// Conditions whose sets are known.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.sets.keys().cloned().collect()
    }
}

impl CacheState {
    fn evict(&mut self, is_evicted: impl Fn(&Entry) -> bool) {
        let mut freed = 0;
        self.sets.retain(|_, entry| {
            let stays = !is_evicted(entry);
            freed += if stays { 0 } else { entry.bytes };
            stays
        });
        self.bytes -= freed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(number: usize) -> Condition {
        Condition::PricedIn(number.to_string())
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_used_again_stays() {
        let cache = SetCache::new(1_000);
        let set = Arc::new((0..2_000).step_by(2).collect::<RoaringBitmap>());
        cache.insert(&condition(0), &set);
        for number in 1..1_000 {
            cache.insert(&condition(number), &set);
            assert!(cache.get(&condition(0)).is_some(), "{number}");
            assert!(cache.state.read().unwrap().bytes <= MIN_BYTES, "{number}");
        }
        assert!(cache.get(&condition(1)).is_none());
        assert!(cache.get(&condition(999)).is_some());
        assert!((10..40).contains(&cache.conditions().len()), "{}", cache.conditions().len());
    }

    #[test]
    fn a_set_that_would_evict_everything_is_not_kept() {
        let cache = SetCache::new(1_000);
        cache.insert(&condition(0), &Arc::new((0..1).collect()));
        cache.insert(&condition(1), &Arc::new((0..400_000).step_by(2).collect()));
        assert!(cache.get(&condition(0)).is_some() && cache.get(&condition(1)).is_none());
    }

    #[test]
    fn a_set_that_is_kept_again_counts_once() {
        let cache = SetCache::new(1_000);
        let set = Arc::new((0..10).collect::<RoaringBitmap>());
        cache.insert(&condition(0), &set);
        let bytes = cache.state.read().unwrap().bytes;
        cache.insert(&condition(0), &set);
        assert_eq!(cache.state.read().unwrap().bytes, bytes);
    }
}
