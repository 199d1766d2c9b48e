//! Sort keys of the courses of a segment. Does not belong here: how ranks are compared.

use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::DocId;
use tantivy::columnar::{Column, MonotonicallyMappableToU64, StrColumn};

use super::condition::Condition;
use super::course_columns::CourseColumns;
use super::filter::SegmentScope;
use super::openings::open_start;
use super::order::{ABSENT, Order, SortKey};
use super::reader::Reader;
use super::segment::Segment;
use super::segment_data::word;
use crate::error::{Error, Result};
use crate::paging::cursor::Key;

/// Source of the sort keys in a segment.
pub(super) enum SortColumn<'a> {
    /// None: relevance is not a column.
    None,
    Numbers(&'a Column<i64>),
    Fractions(&'a Column<f64>),
    /// Values of these documents only.
    Among(&'a Column<i64>, Arc<RoaringBitmap>),
    /// Start of the first offering that is open on this day.
    Open(&'a Column<i64>, i64),
    /// Ordinals in the segment's dictionary, which are not comparable between segments.
    Titles(Option<&'a StrColumn>),
}

impl<'a> SortColumn<'a> {
    /// Opens the columns.
    pub(super) fn open(order: &Order, reader: &Reader, segment: &'a Segment) -> Result<Self> {
        let fields = &segment.fields;
        Ok(match &order.by {
            SortKey::Relevance => SortColumn::None,
            SortKey::Rating => SortColumn::Fractions(segment.fractions(fields.score)?),
            SortKey::ReviewCount => SortColumn::Numbers(segment.numbers(fields.review_count)?),
            SortKey::Employment => SortColumn::Numbers(segment.numbers(fields.employment)?),
            SortKey::Price(currency) => {
                let stated = Condition::PricedIn(currency.clone()).documents(SegmentScope::courses(reader, segment))?;
                SortColumn::Among(segment.numbers(fields.price)?, stated)
            }
            SortKey::Duration => SortColumn::Numbers(segment.numbers(fields.hours)?),
            SortKey::MentoringSessions => SortColumn::Numbers(segment.numbers(fields.mentoring_sessions)?),
            SortKey::NextStart(today) => SortColumn::Open(segment.numbers(fields.openings)?, *today),
            SortKey::Title => SortColumn::Titles(segment.words(fields.name_key)?),
            SortKey::PublishedAt => SortColumn::Numbers(segment.numbers(fields.published_at)?),
            SortKey::UpdatedAt => SortColumn::Numbers(segment.numbers(fields.updated_at)?),
        })
    }

    /// Sort key of a document.
    pub(super) fn key(&self, document: DocId) -> Option<u64> {
        match self {
            SortColumn::None => None,
            SortColumn::Numbers(column) => column.first(document).map(i64::to_u64),
            SortColumn::Fractions(column) => column.first(document).map(f64::to_u64),
            SortColumn::Among(column, stated) => {
                stated.contains(document).then(|| column.first(document))?.map(i64::to_u64)
            }
            SortColumn::Open(column, today) => {
                column.values_for_doc(document).find_map(|code| open_start(code, *today)).map(i64::to_u64)
            }
            SortColumn::Titles(column) => column.and_then(|column| column.ords().first(document)).map(ordinal_key),
        }
    }

    /// Key that a document is sorted by in the permutation of the order, which does not tell currencies apart.
    pub(super) fn sorted_key(&self, document: DocId) -> Option<u64> {
        if let SortColumn::Among(column, _) = self {
            column.first(document).map(i64::to_u64)
        } else {
            self.key(document)
        }
    }

    /// Rank in this segment of a key from a cursor; `None` if it is not a key of this order.
    pub(super) fn rank(&self, order: &Order, key: &Key) -> Result<Option<u64>> {
        Ok(match (self, key) {
            (_, Key::Absent) => Some(ABSENT),
            (SortColumn::Titles(None), Key::Text(_)) => Some(ABSENT - 1),
            (SortColumn::Titles(Some(titles)), Key::Text(title)) => Some(order.rank(Some(title_key(titles, title)?))),
            (SortColumn::Titles(_), Key::Number(_)) => None,
            (_, Key::Number(rank)) => Some(u64::from_ne_bytes(rank.to_ne_bytes())),
            (_, Key::Text(_)) => None,
        })
    }

    /// Title behind the key of a document; `None` in every other order.
    pub(super) fn title(&self, document: DocId) -> Result<Option<String>> {
        let SortColumn::Titles(Some(column)) = self else { return Ok(None) };
        column.ords().first(document).map(|ordinal| word(column, ordinal)).transpose()
    }
}

impl CourseColumns {
    /// Value of a measure for each course, by index; `None` if the course does not state it.
    pub fn figures(&self, reader: &Reader, measure: SortKey) -> Result<Vec<Option<i64>>> {
        let order = Order { by: measure, descending: false };
        reader.meter().charge_each(self.count(), order.work())?;
        let columns = reader.segments.iter().map(|segment| SortColumn::open(&order, reader, segment));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let figure = |(segment, document): &(usize, DocId)| columns.get(*segment)?.key(*document).map(i64::from_u64);
        Ok(self.documents.iter().map(figure).collect())
    }
}

/// Key of the title at an ordinal of the segment's dictionary: even numbers, which leave room between them for titles
/// that the segment does not have.
fn ordinal_key(ordinal: u64) -> u64 {
    ordinal.saturating_mul(2).saturating_add(2)
}

/// Key of a title: that of the documents with it, else the gap before the next one.
fn title_key(titles: &StrColumn, title: &str) -> Result<u64> {
    let dictionary = titles.dictionary();
    if let Some(ordinal) = dictionary.term_ord(title).map_err(Error::internal)? {
        return Ok(ordinal_key(ordinal));
    }
    let bounds = dictionary.term_bounds_to_ord(Bound::Included(title), Bound::Unbounded);
    match bounds.map_err(Error::internal)?.0 {
        Bound::Included(next) | Bound::Excluded(next) => Ok(ordinal_key(next) - 1),
        Bound::Unbounded => Ok(1),
    }
}
