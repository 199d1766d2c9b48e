//! Collects the first courses of a segment between two cursors, whatever the order in which they are offered. Does not
//! belong here: which courses are offered.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocId;
use tantivy::columnar::Column;

use super::order::Order;
use super::segment::Segment;
use super::sort_column::SortColumn;
use crate::error::{Error, Result};
use crate::paging::cursor::Cursor;
use crate::paging::page::Page;

/// Reverses a list: paging backward is paging forward through the reversed list.
#[derive(Clone, Copy)]
pub(super) struct Reversal {
    pub(super) rank: u64,
    pub(super) id: i64,
}

impl Reversal {
    /// Reversal for the direction of a page.
    pub(super) fn of(page: &Page) -> Self {
        if page.backward { Self { rank: u64::MAX, id: -1 } } else { Self { rank: 0, id: 0 } }
    }
}

/// Collector of the first courses after a cursor, in the direction of paging.
pub(super) struct PageCollector<'a> {
    ids: &'a Column<i64>,
    reversal: Reversal,
    keep: usize,
    after: Option<(u64, i64)>,
    before: Option<(u64, i64)>,
    /// Rank, ID and document of each, the last on top.
    pub(super) best: BinaryHeap<(u64, i64, DocId)>,
    /// Number of courses between the bounds of the page.
    pub(super) within: usize,
    /// Whether there are courses before them.
    pub(super) has_preceding: bool,
    /// Whether there are courses after them.
    pub(super) has_following: bool,
}

impl<'a> PageCollector<'a> {
    pub(super) fn new(segment: &'a Segment, keys: &SortColumn<'_>, order: &Order, page: &Page) -> Result<Self> {
        let reversal = Reversal::of(page);
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
            within: 0,
            has_preceding: false,
            has_following: false,
        })
    }

    /// Offers a course. Its ID is read only to break ties and for courses that are kept.
    pub(super) fn offer(&mut self, rank: u64, document: DocId) {
        let rank = rank ^ self.reversal.rank;
        let id = || self.ids.first(document).unwrap_or_default() ^ self.reversal.id;
        let against = |bound: (u64, i64)| rank.cmp(&bound.0).then_with(|| id().cmp(&bound.1));
        if self.after.is_some_and(|after| against(after) != Ordering::Greater) {
            self.has_preceding = true;
            return;
        }
        if self.before.is_some_and(|before| against(before) != Ordering::Less) {
            self.has_following = true;
            return;
        }
        self.within += 1;
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
