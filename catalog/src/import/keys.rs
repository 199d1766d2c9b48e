//! The keys of a feed, kept for the whole of it as 64-bit fingerprints. If two keys ever collide, a row is rejected or
//! a course stays published that could have been retired; nothing is lost.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::course::write::{DUPLICATE_KEY, ImportRow, RowResult};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::{ValidationCode, ValidationError};

/// Keys seen so far.
#[derive(Default)]
pub(super) struct SeenKeys {
    /// Keys of accepted rows, with their lines. A second row with the same key is rejected, because the two would undo
    /// each other in every run.
    accepted: HashMap<u64, u64>,
    /// Keys of rejected rows. The feed contains these courses all the same.
    refused: HashSet<u64>,
    /// Number of rows without a readable key.
    pub without: u64,
}

impl SeenKeys {
    /// Rejects a row whose key was accepted before.
    pub(super) fn check(&self, row: &mut ImportRow) {
        if of(row).is_some_and(|key| self.accepted.contains_key(&fingerprint(&key))) {
            row.errors.push(ValidationError::of("externalKey", ValidationCode::Duplicate, DUPLICATE_KEY));
        }
    }

    /// Records the result of a row. If its key is that of a row before, the error names the line of that row, which is
    /// returned.
    pub(super) fn note(&mut self, line: u64, row: &ImportRow, outcome: &mut RowResult) -> Option<u64> {
        let Some(key) = of(row).map(|key| fingerprint(&key)) else {
            self.without += 1;
            return None;
        };
        match outcome {
            RowResult::Created(_) | RowResult::Updated(_) | RowResult::Unchanged(_) => {
                self.accepted.insert(key, line);
                None
            }
            RowResult::Rejected(errors) => {
                self.refused.insert(key);
                let error = errors.iter_mut().find(|error| error.rule == DUPLICATE_KEY)?;
                let earlier = self.accepted.get(&key).copied()?;
                error.rule = format!("{DUPLICATE_KEY} (line {earlier})");
                Some(earlier)
            }
        }
    }

    /// Whether the feed contains this key.
    pub(super) fn contains(&self, key: &str) -> bool {
        let key = fingerprint(key);
        self.accepted.contains_key(&key) || self.refused.contains(&key)
    }
}

/// Key of a row, in the form in which it is stored.
pub(super) fn of(row: &ImportRow) -> Option<String> {
    line(MAX_NAME_CHARS)(row.fields.get("externalKey")?).ok()
}

fn fingerprint(key: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}
