//! The best of many courses: by score descending, then by title, then by ID, so that equal scores always give the same
//! order. Does not belong here: what is scored, and how.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::segment::Segment;
use crate::error::{Error, Result};

/// Course among the best.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    /// ID of the course.
    pub(super) id: i64,
    /// Score.
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
    kept: BinaryHeap<Reverse<HeapEntry>>,
}

/// Course of a segment. Better ones compare greater.
#[derive(PartialEq)]
struct HeapEntry {
    score: f64,
    /// Ordinal of its title in the segment's dictionary.
    title: Reverse<Option<u64>>,
    id: Reverse<i64>,
    document: DocId,
}

impl Eq for HeapEntry {}

impl Ord for HeapEntry {
    fn cmp(&self, other: &Self) -> Ordering {
        let scores = self.score.total_cmp(&other.score);
        scores.then_with(|| self.title.cmp(&other.title)).then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for HeapEntry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> TopCourses<'a> {
    /// Creates a collector of `keep` courses of a segment.
    pub(super) fn new(segment: &'a Segment, keep: usize) -> Result<Self> {
        let fields = &segment.fields;
        let (ids, titles) = (segment.numbers(fields.id)?, segment.words(fields.name_key)?);
        Ok(Self { keep, ids, titles, kept: BinaryHeap::with_capacity(keep + 1) })
    }

    /// Whether a course with this score could be among the best.
    pub(super) fn accepts(&self, score: f64) -> bool {
        self.kept.len() < self.keep || self.kept.peek().is_some_and(|worst| score >= worst.0.score)
    }

    /// Adds a course if it is among the best. Only then are its title and ID read.
    pub(super) fn offer(&mut self, score: f64, document: DocId) {
        if !self.accepts(score) {
            return;
        }
        let title = Reverse(self.titles.and_then(|titles| titles.ords().first(document)));
        let id = Reverse(self.ids.first(document).unwrap_or_default());
        self.kept.push(Reverse(HeapEntry { score, title, id, document }));
        if self.kept.len() > self.keep {
            self.kept.pop();
        }
    }

    /// The courses, unordered.
    pub(super) fn courses(self) -> Result<Vec<Ranked>> {
        let titles = self.titles;
        let ranked = |HeapEntry { score, title, id, document }: HeapEntry| {
            let mut text = String::new();
            if let Some((titles, ordinal)) = titles.zip(title.0) {
                titles.ord_to_str(ordinal, &mut text).map_err(Error::internal)?;
            }
            Ok(Ranked { id: id.0, score, document, title: text })
        };
        self.kept.into_iter().map(|entry| ranked(entry.0)).collect()
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
