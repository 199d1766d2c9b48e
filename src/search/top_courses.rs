//! The best of many courses: by falling score, then by title, then by id, so that the same scores always give the same
//! order. What must not go in: what is scored, and how.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::segment::Segment;
use crate::error::{AppError, Result};

/// A course among the best.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    /// Its id.
    pub(super) id: i64,
    /// Its score.
    pub(super) score: f64,
    /// Where it is found in its segment.
    pub(super) document: DocId,
    title: String,
}

/// The best courses of a segment.
pub(super) struct TopCourses<'a> {
    keep: usize,
    ids: &'a Column<i64>,
    titles: Option<&'a StrColumn>,
    /// The worst on top.
    kept: BinaryHeap<Reverse<HeapEntry>>,
}

/// A course of a segment, the better the greater.
#[derive(PartialEq)]
struct HeapEntry {
    score: f64,
    /// The place of its title in the segment's dictionary.
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
    /// So many of a segment.
    pub(super) fn new(segment: &'a Segment, keep: usize) -> Result<Self> {
        let fields = &segment.fields;
        let (ids, titles) = (segment.numbers(fields.id)?, segment.words(fields.name_key)?);
        Ok(Self { keep, ids, titles, kept: BinaryHeap::with_capacity(keep + 1) })
    }

    /// Whether a course of this score could be among them.
    pub(super) fn accepts(&self, score: f64) -> bool {
        self.kept.len() < self.keep || self.kept.peek().is_some_and(|worst| score >= worst.0.score)
    }

    /// Takes a course in where it is among them. Title and id are read only then.
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

    /// The courses, in no order.
    pub(super) fn courses(self) -> Result<Vec<Ranked>> {
        let titles = self.titles;
        let ranked = |HeapEntry { score, title, id, document }: HeapEntry| {
            let mut text = String::new();
            if let Some((titles, ordinal)) = titles.zip(title.0) {
                titles.ord_to_str(ordinal, &mut text).map_err(AppError::internal)?;
            }
            Ok(Ranked { id: id.0, score, document, title: text })
        };
        self.kept.into_iter().map(|entry| ranked(entry.0)).collect()
    }
}

/// The best of the courses of all segments, the best first.
pub(super) fn merge_top<T>(mut found: Vec<(Ranked, T)>, keep: usize) -> Vec<(Ranked, T)> {
    found.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(keep);
    found
}
