//! Walks through the courses of a segment in an order and tests each, so that what a page costs depends on the page.

use std::ops::Range;

use tantivy::DocId;

use super::filter::Matcher;
use super::reader::Reader;
use super::segment::Segment;
use super::sequence::Sequence;
use crate::error::Result;
use crate::paging::page::Page;

/// Number of steps between two checks of the meter.
const METER_INTERVAL: usize = 64;
/// Work units for a step, and for each test.
const STEP_WORK: u64 = 2;

/// Walk through a segment.
pub(super) struct Walk<'a> {
    pub(super) reader: &'a Reader,
    pub(super) segment: &'a Segment,
    pub(super) matcher: &'a Matcher<'a>,
    pub(super) sequence: Sequence<'a>,
    /// Places between the bounds of the page.
    pub(super) places: Range<usize>,
}

impl Walk<'_> {
    /// The first matches at these places in the direction of paging, one more than fit on the page; `None` if there are
    /// not so many within the maximum number of steps.
    pub(super) fn first(&self, places: Range<usize>, page: &Page, max_steps: u64) -> Result<Option<Vec<DocId>>> {
        if page.backward {
            self.take(places.rev(), page.limit + 1, max_steps)
        } else {
            self.take(places, page.limit + 1, max_steps)
        }
    }

    /// Whether there is a match among the nearest places outside of the page: before it in the direction of paging, or
    /// after it.
    pub(super) fn has_outside(&self, page: &Page, preceding: bool, max_places: usize) -> Result<bool> {
        let Range { start, end } = self.places;
        let found = if preceding != page.backward {
            self.take((0..start).rev().take(max_places), 1, u64::MAX)
        } else {
            self.take((end..self.sequence.len()).take(max_places), 1, u64::MAX)
        };
        Ok(found?.is_some_and(|found| !found.is_empty()))
    }

    fn take(&self, places: impl Iterator<Item = usize>, limit: usize, max_steps: u64) -> Result<Option<Vec<DocId>>> {
        let is_match = |document: &DocId| self.matcher.matches(*document) && !self.segment.is_deleted(*document);
        let mut found = Vec::new();
        for (step, place) in places.enumerate() {
            if step.is_multiple_of(METER_INTERVAL) {
                if step as u64 >= max_steps {
                    return Ok(None);
                }
                self.reader.meter().charge_each(METER_INTERVAL, STEP_WORK * (1 + self.matcher.tests()))?;
            }
            found.extend(self.sequence.get(place).filter(is_match));
            if found.len() == limit {
                break;
            }
        }
        Ok(Some(found))
    }
}
