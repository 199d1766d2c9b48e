//! Courses of a segment in the order of a sort key, so that a page need not look at all of them. They do not depend on
//! deletions, so they stay true as long as their segment exists. Does not belong here: which courses a page shows.
//!
//! A permutation takes four bytes per course: 4 MB at a million courses, and 22 of them, both directions of all orders,
//! some 90 MB.

use std::sync::{Arc, Mutex, PoisonError};

use tantivy::DocId;

use super::order::{Order, SortKey};
use crate::error::Result;

/// Number of days for which the next starts are kept: that of most requests, and the one that begins meanwhile.
const MAX_DAYS: usize = 2;

/// What the courses of a permutation are sorted by. Ties are sorted by ID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum PermutationKey {
    /// ID only.
    Id,
    /// Amount of the price, whatever its currency.
    Amount {
        /// Whether the largest amount comes first.
        descending: bool,
    },
    /// Sort key of an order.
    Order(Order),
}

impl PermutationKey {
    fn is_of_a_day(&self) -> bool {
        matches!(self, PermutationKey::Order(Order { by: SortKey::NextStart(_), .. }))
    }
}

/// Courses in an order.
pub(super) struct Permutation {
    /// All courses, including deleted ones. Those without a value come last.
    pub(super) documents: Box<[DocId]>,
    /// Number of courses with a value.
    pub(super) present: usize,
}

/// Permutations of a segment, each made when it is first needed.
#[derive(Default)]
pub(super) struct Permutations(Mutex<Vec<(PermutationKey, Arc<Permutation>)>>);

impl Permutations {
    /// Returns a permutation, and makes it first if there is none.
    pub(super) fn get(
        &self,
        key: &PermutationKey,
        make: impl FnOnce() -> Result<Permutation>,
    ) -> Result<Arc<Permutation>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, permutation)) = known().iter().find(|(other, _)| other == key) {
            return Ok(permutation.clone());
        }
        let made = Arc::new(make()?);
        let mut known = known();
        if key.is_of_a_day() {
            let is_other_day = |other: &PermutationKey| other.is_of_a_day() && !has_same_day(other, key);
            while known.iter().filter(|(other, _)| is_other_day(other)).count() > 2 * (MAX_DAYS - 1) {
                let Some(oldest) = known.iter().position(|(other, _)| is_other_day(other)) else { break };
                known.remove(oldest);
            }
        }
        known.push((key.clone(), made.clone()));
        Ok(made)
    }

    /// Keys of the permutations that were made.
    pub(super) fn keys(&self) -> Vec<PermutationKey> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(key, _)| key.clone()).collect()
    }
}

fn has_same_day(one: &PermutationKey, other: &PermutationKey) -> bool {
    let day = |key: &PermutationKey| match key {
        PermutationKey::Order(Order { by: SortKey::NextStart(day), .. }) => Some(*day),
        PermutationKey::Id | PermutationKey::Amount { .. } | PermutationKey::Order(_) => None,
    };
    day(one) == day(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permutation() -> Result<Permutation> {
        Ok(Permutation { documents: Box::default(), present: 0 })
    }

    #[test]
    fn the_next_starts_of_past_days_are_dropped() {
        let permutations = Permutations::default();
        let get = |by: SortKey, descending| {
            permutations.get(&PermutationKey::Order(Order { by, descending }), permutation).unwrap();
        };
        get(SortKey::Rating, true);
        for day in 0..10 {
            get(SortKey::NextStart(day), true);
            get(SortKey::NextStart(day), false);
        }
        let keys = permutations.keys();
        assert_eq!(keys.len(), 1 + 2 * MAX_DAYS, "{keys:?}");
        for by in [SortKey::Rating, SortKey::NextStart(8), SortKey::NextStart(9)] {
            assert!(keys.contains(&PermutationKey::Order(Order { by, descending: true })), "{keys:?}");
        }
    }

    #[test]
    fn a_permutation_is_made_once() {
        let permutations = Permutations::default();
        let one = permutations.get(&PermutationKey::Id, permutation).unwrap();
        let again = permutations.get(&PermutationKey::Id, || unreachable!("made again")).unwrap();
        assert!(Arc::ptr_eq(&one, &again));
    }
}
