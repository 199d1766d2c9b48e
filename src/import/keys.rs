//! The keys of a feed, kept for the whole of it as 64-bit fingerprints. Should two keys ever share one, a row is
//! refused, or a course stays published that could have been retired: nothing is lost.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::course::write::{Outcome, Row};
use crate::form::text::{NAME, line};
use crate::form::{Fault, FaultCode};

/// The keys that have come so far.
#[derive(Default)]
pub(super) struct Keys {
    /// Of rows that were accepted: a second row with the same key is refused, since the two would undo each other with
    /// every run.
    accepted: HashSet<u64>,
    /// Of rows that were refused: the feed holds these courses all the same.
    refused: HashSet<u64>,
    /// How many rows have no key that can be read.
    without: u64,
}

impl Keys {
    /// Refuses a row whose key has come before.
    pub(super) fn check(&self, row: &mut Row) {
        if of(row).is_some_and(|key| self.accepted.contains(&fingerprint(&key))) {
            let rule = "another row before it has this key";
            row.faults.push(Fault::of("externalKey", FaultCode::Duplicate, rule));
        }
    }

    /// Takes in what has become of a row.
    pub(super) fn note(&mut self, row: &Row, outcome: &Outcome) {
        match (of(row), outcome) {
            (None, _) => self.without += 1,
            (Some(key), Outcome::Refused(_)) => _ = self.refused.insert(fingerprint(&key)),
            (Some(key), Outcome::Created(_) | Outcome::Updated(_) | Outcome::Unchanged(_)) => {
                self.accepted.insert(fingerprint(&key));
            }
        }
    }

    /// Whether the feed holds this key.
    pub(super) fn hold(&self, key: &str) -> bool {
        let key = fingerprint(key);
        self.accepted.contains(&key) || self.refused.contains(&key)
    }

    /// How many rows have no key that can be read.
    pub(super) fn without(&self) -> u64 {
        self.without
    }
}

/// The key of a row in the form in which it is stored.
pub(super) fn of(row: &Row) -> Option<String> {
    line(NAME)(row.fields.get("externalKey")?).ok()
}

fn fingerprint(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
