//! The best of many courses: by score descending, then by title, then by ID, so that equal scores always give the same
//! order. Does not belong here: what is scored, and how.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::DocId;
use tantivy::columnar::{Column, MonotonicallyMappableToU64, StrColumn};

use super::segment::Segment;
use super::segment_data::word;
use crate::error::Result;

/// Course among the best.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) id: i64,
    pub(super) score: f64,
    /// Document in its segment.
    pub(super) document: DocId,
    title: String,
}

/// Best courses of a segment.
pub(super) struct TopCourses<'a> {
    keep: usize,
    ids: &'a Column<i64>,
    titles: Option<&'a StrColumn>,
    /// Heap with the worst on top.
    best: BinaryHeap<Reverse<HeapEntry>>,
}

/// Course of a segment. Better ones compare greater.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct HeapEntry {
    /// Score as an integer, which sorts like it.
    score: u64,
    /// Ordinal of its title in the segment's dictionary.
    title: Reverse<Option<u64>>,
    id: Reverse<i64>,
    document: DocId,
}

impl<'a> TopCourses<'a> {
    /// Creates a collector of `keep` courses of a segment.
    pub(super) fn new(segment: &'a Segment, keep: usize) -> Result<Self> {
        let fields = &segment.fields;
        let (ids, titles) = (segment.numbers(fields.id)?, segment.words(fields.name_key)?);
        Ok(Self { keep, ids, titles, best: BinaryHeap::with_capacity(keep + 1) })
    }

    /// Whether a course with this score could be among the best.
    pub(super) fn accepts(&self, score: f64) -> bool {
        self.best.len() < self.keep || self.best.peek().is_some_and(|worst| score.to_u64() >= worst.0.score)
    }

    /// Adds a course if it is among the best. Only then are its title and ID read.
    pub(super) fn offer(&mut self, score: f64, document: DocId) {
        if !self.accepts(score) {
            return;
        }
        let title = Reverse(self.titles.and_then(|titles| titles.ords().first(document)));
        let id = Reverse(self.ids.first(document).unwrap_or_default());
        self.best.push(Reverse(HeapEntry { score: score.to_u64(), title, id, document }));
        if self.best.len() > self.keep {
            self.best.pop();
        }
    }

    /// The courses, unordered.
    pub(super) fn courses(self) -> Result<Vec<Ranked>> {
        let titles = self.titles;
        let ranked = |Reverse(entry): Reverse<HeapEntry>| {
            let title = titles.zip(entry.title.0).map(|(titles, ordinal)| word(titles, ordinal));
            let title = title.transpose()?.unwrap_or_default();
            Ok(Ranked { id: entry.id.0, score: f64::from_u64(entry.score), document: entry.document, title })
        };
        self.best.into_iter().map(ranked).collect()
    }
}

/// Merges the best courses of all segments, best first.
pub(super) fn merge_top<T>(mut found: Vec<(Ranked, T)>, keep: usize) -> Vec<(Ranked, T)> {
    found.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(keep);
    found
}
