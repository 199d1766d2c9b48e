//! Selects a page of the courses that match a search. One pass over them keeps the best, however deep the page: a
//! cursor is a bound, not a number of courses to skip.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use roaring::RoaringBitmap;
use tantivy::DocId;
use tantivy::columnar::Column;

use super::matches::Matches;
use super::order::{ABSENT, Order, SortColumn, SortKey};
use super::segment::Segment;
use crate::error::{Error, Result};
use crate::paging::cursor::{Cursor, Key};
use crate::paging::page::Page;
use crate::paging::{Connection, Edge};

/// Course on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// ID of the course.
    pub id: i64,
    /// Relevance to the search text.
    pub score: Option<f32>,
}

/// Selects the page in this order. `list` is the name in its cursors.
pub fn select(matches: &Matches, order: &Order, page: &Page, list: &str) -> Result<Connection<Hit>> {
    let mut found = Findings::default();
    for (segment, documents) in matches.segments() {
        scan(matches, segment, documents, order, page, &mut found)?;
    }
    found.entries.sort_by(|a, b| a.compare(b, order.descending != page.backward));
    let more = found.within > page.limit;
    found.entries.truncate(page.limit);
    let (mut has_next, mut has_previous) = (more || found.has_following, found.has_preceding);
    if page.backward {
        found.entries.reverse();
        (has_next, has_previous) = (has_previous, has_next);
    }
    let edge = |entry: PageEntry| Edge {
        node: Hit { id: entry.id, score: entry.score },
        cursor: Cursor { list: list.to_owned(), key: entry.key, id: entry.id },
    };
    let edges = found.entries.into_iter().map(edge).collect();
    Ok(Connection { edges, has_next, has_previous, total: matches.count() })
}

/// What is found in the segments.
#[derive(Default)]
struct Findings {
    /// Candidates for the page.
    entries: Vec<PageEntry>,
    /// Number of courses between the bounds of the page.
    within: usize,
    /// Whether there are courses before them, in the direction of paging.
    has_preceding: bool,
    /// Whether there are courses after them.
    has_following: bool,
}

/// Candidate for the page.
struct PageEntry {
    /// Rank in the direction of paging. Comparable between segments, except for titles.
    rank: u64,
    flipped_id: i64,
    id: i64,
    key: Key,
    score: Option<f32>,
}

impl PageEntry {
    fn compare(&self, other: &PageEntry, titles_fall: bool) -> Ordering {
        let keys = match (&self.key, &other.key) {
            (Key::Text(a), Key::Text(b)) if titles_fall => b.cmp(a),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            _ => self.rank.cmp(&other.rank),
        };
        keys.then(self.flipped_id.cmp(&other.flipped_id))
    }
}

fn scan(
    matches: &Matches,
    segment: &Segment,
    documents: &RoaringBitmap,
    order: &Order,
    page: &Page,
    found: &mut Findings,
) -> Result<()> {
    matches.reader().meter().charge(documents.len() * order.work())?;
    let keys = SortColumn::open(order, matches.reader(), segment)?;
    let mut collector = PageCollector::new(segment, &keys, order, page, found)?;
    // Without a word to search for, all are equally relevant and sorted by ID.
    match matches.scores(segment.ordinal).filter(|_| order.by == SortKey::Relevance) {
        Some(scores) => {
            let scores = scores.iter().filter(|(document, _)| documents.contains(*document));
            scores.for_each(|(document, score)| collector.offer(order.rank_of_score(*score), *document));
        }
        None => documents.iter().for_each(|document| collector.offer(order.rank(keys.key(document)), document)),
    }
    let PageCollector { reversal, best, .. } = collector;
    for (rank, flipped_id, document) in best {
        let key = match (keys.title(document)?, rank ^ reversal.rank) {
            (Some(title), _) => Key::Text(title),
            (None, ABSENT) => Key::Absent,
            (None, rank) => Key::Number(i64::from_ne_bytes(rank.to_ne_bytes())),
        };
        let score = matches.score(segment.ordinal, document);
        found.entries.push(PageEntry { rank, flipped_id, id: flipped_id ^ reversal.id, key, score });
    }
    Ok(())
}

/// Reverses a list: paging backward is paging forward through the reversed list.
#[derive(Clone, Copy)]
struct Reversal {
    rank: u64,
    id: i64,
}

/// Collects the first documents of a segment after a cursor.
struct PageCollector<'a> {
    ids: &'a Column<i64>,
    reversal: Reversal,
    keep: usize,
    after: Option<(u64, i64)>,
    before: Option<(u64, i64)>,
    best: BinaryHeap<(u64, i64, DocId)>,
    found: &'a mut Findings,
}

impl<'a> PageCollector<'a> {
    fn new(
        segment: &'a Segment,
        keys: &SortColumn<'_>,
        order: &Order,
        page: &Page,
        found: &'a mut Findings,
    ) -> Result<Self> {
        let reversal = if page.backward { Reversal { rank: u64::MAX, id: -1 } } else { Reversal { rank: 0, id: 0 } };
        let bound = |argument: &str, cursor: &Cursor| {
            let rank = keys.rank(order, &cursor.key)?;
            let rank = rank.ok_or_else(|| Cursor::rejected(argument))?;
            Ok::<_, Error>((rank ^ reversal.rank, cursor.id ^ reversal.id))
        };
        let mut after = page.after.as_ref().map(|cursor| bound("after", cursor)).transpose()?;
        let mut before = page.before.as_ref().map(|cursor| bound("before", cursor)).transpose()?;
        if page.backward {
            std::mem::swap(&mut after, &mut before);
        }
        Ok(Self {
            ids: segment.numbers(segment.fields.id)?,
            reversal,
            keep: page.limit,
            after,
            before,
            best: BinaryHeap::with_capacity(page.limit + 1),
            found,
        })
    }

    /// The ID is read only to break ties and for documents that are kept.
    fn offer(&mut self, rank: u64, document: DocId) {
        let rank = rank ^ self.reversal.rank;
        let id = || self.ids.first(document).unwrap_or_default() ^ self.reversal.id;
        let against = |bound: (u64, i64)| rank.cmp(&bound.0).then_with(|| id().cmp(&bound.1));
        if self.after.is_some_and(|after| against(after) != Ordering::Greater) {
            self.found.has_preceding = true;
            return;
        }
        if self.before.is_some_and(|before| against(before) != Ordering::Less) {
            self.found.has_following = true;
            return;
        }
        self.found.within += 1;
        let full = self.best.len() == self.keep;
        if full && self.best.peek().is_some_and(|last| against((last.0, last.1)) == Ordering::Greater) {
            return;
        }
        let id = id();
        if full {
            self.best.pop();
        }
        self.best.push((rank, id, document));
    }
}
