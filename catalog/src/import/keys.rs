//! The keys of a feed, kept for the whole of it as 64-bit fingerprints. If two keys ever collide, a row is rejected or
//! a course stays published that could have been retired; nothing is lost.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::course::write::{ImportRow, RowResult};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::{ValidationCode, ValidationError};

/// Keys seen so far.
#[derive(Default)]
pub(super) struct SeenKeys {
    /// Keys of accepted rows. A second row with the same key is rejected, because the two would undo each other in
    /// every run.
    accepted: HashSet<u64>,
    /// Keys of rejected rows. The feed contains these courses all the same.
    refused: HashSet<u64>,
    /// Number of rows without a readable key.
    pub without: u64,
}

impl SeenKeys {
    /// Rejects a row whose key was accepted before.
    pub(super) fn check(&self, row: &mut ImportRow) {
        if of(row).is_some_and(|key| self.accepted.contains(&fingerprint(&key))) {
            let rule = "another row before it has this key";
            row.errors.push(ValidationError::of("externalKey", ValidationCode::Duplicate, rule));
        }
    }

    /// Records the result of a row.
    pub(super) fn note(&mut self, row: &ImportRow, outcome: &RowResult) {
        match (of(row), outcome) {
            (None, _) => self.without += 1,
            (Some(key), RowResult::Rejected(_)) => _ = self.refused.insert(fingerprint(&key)),
            (Some(key), RowResult::Created(_) | RowResult::Updated(_) | RowResult::Unchanged(_)) => {
                self.accepted.insert(fingerprint(&key));
            }
        }
    }

    /// Whether the feed contains this key.
    pub(super) fn contains(&self, key: &str) -> bool {
        let key = fingerprint(key);
        self.accepted.contains(&key) || self.refused.contains(&key)
    }
}

/// Key of a row, in the form in which it is stored.
pub(super) fn of(row: &ImportRow) -> Option<String> {
    line(MAX_NAME_CHARS)(row.fields.get("externalKey")?).ok()
}

fn fingerprint(key: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}
