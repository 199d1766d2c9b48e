//! Selects a page of the courses that match a search. A cursor is a bound, not a number of courses to skip.
//!
//! In each segment the page is found in one of two ways. A walk follows the order from the cursor, tests each course, and
//! stops once the page is full; what it costs depends on the page. Where few courses can match, a walk would be long, and
//! they are found and sorted instead. A walk that turns out to be longer than that is given up for it, so that it costs at
//! most twice as much as the better way.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use tantivy::DocId;

use super::filter::Matcher;
use super::matches::Matches;
use super::order::{ABSENT, Order, SortKey};
use super::page_collector::{PageCollector, Reversal};
use super::segment::Segment;
use super::sequence::Sequence;
use super::sort_column::SortColumn;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::paging::Edge;
use crate::paging::cursor::{Cursor, Key};
use crate::paging::page::Page;

/// So few courses are always found and sorted.
const FEW_COURSES: u64 = 64;
/// A walk whose length nothing else bounds is given up after this fraction of the courses.
const WALKED_FRACTION: u64 = 4;

/// Course on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// ID of the course.
    pub id: i64,
    /// Relevance to the search text.
    pub score: Option<f32>,
}

/// Page of a search.
pub struct HitPage {
    /// Courses with their cursors.
    pub edges: Vec<Edge<Hit>>,
    /// Whether more courses follow the page.
    pub has_next: bool,
    /// Whether courses precede the page.
    pub has_previous: bool,
}

/// Selects the page in this order. `list` is the name in its cursors.
pub fn select(matches: &Matches, order: &Order, page: &Page, list: &str) -> Result<HitPage> {
    let columns = matches.reader().segments.iter().map(|segment| {
        let (keys, matcher) = (SortColumn::open(order, matches.reader(), segment)?, matches.matcher(segment)?);
        Ok(SegmentColumns { segment, keys, matcher })
    });
    let mut columns = columns.collect::<Result<Vec<_>>>()?;
    columns.retain(|segment| segment.matcher.max_documents() != Some(0));
    // The larger ones first: what they find bounds the walks through the others.
    columns.sort_by_key(|columns| Reverse(columns.segment.all_courses().len()));
    let mut found = Findings::default();
    let mut walks = Vec::new();
    for segment in &columns {
        let selection = SegmentSelection { matches, order, page, columns: segment };
        walks.extend(selection.find(&mut found)?);
        found.entries.sort_by(|a, b| a.compare(b, order.descending != page.backward));
        found.entries.truncate(page.limit);
    }
    let has_more = found.within > page.limit;
    let following = has_more || found.has_following || has_outside(&walks, page, false)?;
    let preceding = found.has_preceding || has_outside(&walks, page, true)?;
    let (mut has_next, mut has_previous) = (following, preceding);
    if page.backward {
        found.entries.reverse();
        (has_next, has_previous) = (has_previous, has_next);
    }
    let edge = |entry: PageEntry| Edge {
        node: Hit { id: entry.id, score: entry.score },
        cursor: Cursor { list: list.to_owned(), key: entry.key, id: entry.id },
    };
    Ok(HitPage { edges: found.entries.into_iter().map(edge).collect(), has_next, has_previous })
}

/// Whether there is a match before or after the page in any of the walks. The nearest place comes first: it is usually
/// that of the cursor, whose course still matches.
fn has_outside(walks: &[Walk<'_>], page: &Page, preceding: bool) -> Result<bool> {
    for max_places in [1, usize::MAX] {
        for walk in walks {
            if walk.has_outside(page, preceding, max_places)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What is found in the segments.
#[derive(Default)]
struct Findings {
    /// Candidates for the page, best first.
    entries: Vec<PageEntry>,
    /// Number of courses between the bounds of the page. Not all are counted once there are more than fit.
    within: usize,
    /// Whether there are courses before them, in the direction of paging. Walks look later, and only if need be.
    has_preceding: bool,
    /// Whether there are courses after them.
    has_following: bool,
}

impl Findings {
    /// The last course that is on the page as far as is known; `None` if the page is not full yet.
    fn worst(&self, page: &Page) -> Option<&PageEntry> {
        self.entries.last().filter(|_| self.within > page.limit && self.entries.len() == page.limit)
    }
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

/// Segment with what its courses are tested and sorted by.
struct SegmentColumns<'a> {
    segment: &'a Segment,
    keys: SortColumn<'a>,
    matcher: Matcher<'a>,
}

/// Selection of a page in one segment.
struct SegmentSelection<'a> {
    matches: &'a Matches,
    order: &'a Order,
    page: &'a Page,
    columns: &'a SegmentColumns<'a>,
}

impl<'a> SegmentSelection<'a> {
    /// Adds the candidates of the segment. Returns the walk that found them, if it was one.
    fn find(&self, found: &mut Findings) -> Result<Option<Walk<'a>>> {
        let SegmentColumns { segment, keys, matcher } = self.columns;
        // Without a word to search for, all are equally relevant and sorted by ID.
        let scores = self.matches.scores(segment.ordinal).filter(|_| self.order.by == SortKey::Relevance);
        if let Some(scores) = scores {
            self.matches.reader().meter().charge_each(scores.len(), self.order.work() * (1 + matcher.tests()))?;
            let scores = scores.iter().filter(|(document, _)| matcher.matches(*document));
            self.collect(found, scores.map(|(document, score)| (self.order.rank_of_score(*score), *document)))?;
            return Ok(None);
        }
        if let Some(max_steps) = self.walk_steps() {
            let sequence = Sequence::open(self.matches.reader(), segment, self.order, keys)?;
            let (reader, places) = (self.matches.reader(), self.places(&sequence)?);
            let walk = Walk { reader, segment, matcher, sequence, places };
            if let Some(documents) = walk.first(self.open_places(&walk, found)?, self.page, max_steps)? {
                found.within += documents.len();
                let (ids, reversal) = (segment.numbers(segment.fields.id)?, Reversal::of(self.page));
                for document in documents {
                    let rank = self.order.rank(keys.key(document)) ^ reversal.rank;
                    let id = ids.first(document).unwrap_or_default() ^ reversal.id;
                    found.entries.push(self.entry(rank, id, document)?);
                }
                return Ok(Some(walk));
            }
        }
        let documents = self.matches.courses_in(segment)?;
        self.matches.reader().charge(documents.len() * self.order.work())?;
        self.collect(found, documents.iter().map(|document| (self.order.rank(keys.key(document)), document)))?;
        Ok(None)
    }

    /// Maximum length of a walk through the segment; `None` if the matching courses are better found and sorted.
    fn walk_steps(&self) -> Option<u64> {
        let all = self.columns.segment.all_courses().len();
        let wanted = self.page.limit as u64 + 1;
        match self.columns.matcher.max_documents() {
            _ if all <= FEW_COURSES => None,
            Some(matching) if matching <= FEW_COURSES => None,
            // Evenly distributed, as many as wanted are found within `wanted * all / matching` steps.
            Some(matching) => (matching * matching > wanted * all).then_some(matching.min(all / WALKED_FRACTION)),
            None if self.columns.matcher.tests() == 0 => Some(u64::MAX),
            None => Some(all / WALKED_FRACTION),
        }
    }

    /// Adds the best of these courses with their ranks.
    fn collect(&self, found: &mut Findings, courses: impl Iterator<Item = (u64, DocId)>) -> Result<()> {
        let SegmentColumns { segment, keys, .. } = self.columns;
        let mut collector = PageCollector::new(segment, keys, self.order, self.page)?;
        courses.for_each(|(rank, document)| collector.offer(rank, document));
        found.within += collector.within;
        found.has_preceding |= collector.has_preceding;
        found.has_following |= collector.has_following;
        for (rank, flipped_id, document) in collector.best {
            found.entries.push(self.entry(rank, flipped_id, document)?);
        }
        Ok(())
    }

    /// Entry of a course with its rank and ID in the direction of paging.
    fn entry(&self, rank: u64, flipped_id: i64, document: DocId) -> Result<PageEntry> {
        let (SegmentColumns { segment, keys, .. }, reversal) = (self.columns, Reversal::of(self.page));
        let key = match (keys.title(document)?, rank ^ reversal.rank) {
            (Some(title), _) => Key::Text(title),
            (None, ABSENT) => Key::Absent,
            (None, rank) => Key::Number(i64::from_ne_bytes(rank.to_ne_bytes())),
        };
        let score = self.matches.score(segment.ordinal, document);
        Ok(PageEntry { rank, flipped_id, id: flipped_id ^ reversal.id, key, score })
    }

    /// Places between the bounds of the page.
    fn places(&self, sequence: &Sequence<'_>) -> Result<Range<usize>> {
        let place = |argument: &str, cursor: &Cursor, inclusive| {
            let rank = self.columns.keys.rank(self.order, &cursor.key)?;
            let rank = rank.ok_or_else(|| Cursor::rejected(argument))?;
            sequence.places_before((rank, cursor.id), inclusive)
        };
        let start = self.page.after.as_ref().map_or(Ok(0), |cursor| place("after", cursor, true))?;
        let end = self.page.before.as_ref().map_or(Ok(sequence.len()), |cursor| place("before", cursor, false))?;
        // Crossed bounds leave nothing. The one that paging starts from holds.
        Ok(if self.page.backward { start.min(end)..end } else { start..end.max(start) })
    }

    /// Places of the walk that may hold a course of the page, after what was found in other segments.
    fn open_places(&self, walk: &Walk<'_>, found: &Findings) -> Result<Range<usize>> {
        let (Range { start, end }, Some(worst)) = (walk.places.clone(), found.worst(self.page)) else {
            return Ok(walk.places.clone());
        };
        let rank = self.columns.keys.rank(self.order, &worst.key)?;
        let rank = rank.ok_or_else(|| Error::internal("a key of another order"))?;
        let place = walk.sequence.places_before((rank, worst.id), self.page.backward)?;
        Ok(if self.page.backward { start.max(place)..end.max(place) } else { start.min(place)..end.min(place) })
    }
}
