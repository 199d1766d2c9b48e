//! What courses are sorted by. Every key becomes one number, its rank: the lower, the earlier in the list.

use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::DocId;
use tantivy::columnar::{Column, MonotonicallyMappableToU64, StrColumn};

use super::evaluation::Scope;
use super::filter::{Condition, SegmentScope};
use super::segment::Segment;
use super::{ON_DEMAND, Reader};
use crate::error::{AppError, Result};
use crate::paging::cursor::Key;

/// An order of courses. Those that state no value come last in both directions, and ties go by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What they are sorted by.
    pub by: SortKey,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// What courses are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// How well they fit the text that was searched for.
    Relevance,
    /// The score of their reviews.
    Rating,
    /// How many reviews they have.
    ReviewCount,
    /// The share of graduates who are employed in the field.
    Employment,
    /// Their price in this currency; those of others come last.
    Price(String),
    /// The hours that they take.
    Duration,
    /// Mentoring sessions.
    MentoringSessions,
    /// Their first start on this day or later, in days since 1970; on demand is no date.
    NextStart(i64),
    /// Their title.
    Title,
    /// When they were published.
    PublishedAt,
    /// When they were last changed.
    UpdatedAt,
}

/// The rank of a course that states no value.
pub(super) const ABSENT: u64 = u64::MAX;

impl Order {
    /// Its name in cursors: a cursor of another order is told apart by it. The day is left out of it: a walk may go on
    /// after midnight.
    pub fn name(&self) -> String {
        let by = match &self.by {
            SortKey::Relevance => "Relevance",
            SortKey::Rating => "Rating",
            SortKey::ReviewCount => "ReviewCount",
            SortKey::Employment => "Employment",
            SortKey::Price(currency) => &format!("Price({currency:?})"),
            SortKey::Duration => "Duration",
            SortKey::MentoringSessions => "MentoringSessions",
            SortKey::NextStart(_) => "NextStart",
            SortKey::Title => "Title",
            SortKey::PublishedAt => "PublishedAt",
            SortKey::UpdatedAt => "UpdatedAt",
        };
        format!("{by}:{}", if self.descending { "DESC" } else { "ASC" })
    }

    /// What the key of a course takes, in units of work.
    pub(super) fn work(&self) -> u64 {
        if matches!(self.by, SortKey::NextStart(_)) { 10 } else { 4 }
    }

    /// The rank of a key.
    pub(super) fn rank(&self, key: Option<u64>) -> u64 {
        let directed = |key: u64| if self.descending { !key } else { key };
        // No key comes so near to the end of the numbers that it would fall together with another one.
        key.map_or(ABSENT, |key| directed(key).min(ABSENT - 1))
    }

    /// The rank of a score.
    pub(super) fn rank_of_score(&self, score: f32) -> u64 {
        self.rank(Some(f64::from(score).to_u64()))
    }
}

/// Where the keys of a segment's documents are read.
pub(super) enum SortColumn<'a> {
    /// There are none: relevance is no column.
    None,
    Numbers(&'a Column<i64>),
    Fractions(&'a Column<f64>),
    /// Only those of these documents.
    Among(&'a Column<i64>, Arc<RoaringBitmap>),
    /// The first one from this on.
    From(&'a Column<i64>, i64),
    /// Their places in the segment's own dictionary, which says nothing of other segments.
    Titles(Option<&'a StrColumn>),
}

impl<'a> SortColumn<'a> {
    /// Opens them.
    pub(super) fn open(order: &Order, reader: &Reader, segment: &'a Segment) -> Result<Self> {
        let fields = &segment.fields;
        Ok(match &order.by {
            SortKey::Relevance => SortColumn::None,
            SortKey::Rating => SortColumn::Fractions(segment.fractions(fields.score)?),
            SortKey::ReviewCount => SortColumn::Numbers(segment.numbers(fields.review_count)?),
            SortKey::Employment => SortColumn::Numbers(segment.numbers(fields.employment)?),
            SortKey::Price(currency) => {
                let at = SegmentScope { reader, segment, scope: Scope::Courses };
                let stated = Condition::PricedIn(currency.clone()).documents(at)?;
                SortColumn::Among(segment.numbers(fields.price)?, stated)
            }
            SortKey::Duration => SortColumn::Numbers(segment.numbers(fields.hours)?),
            SortKey::MentoringSessions => SortColumn::Numbers(segment.numbers(fields.mentoring_sessions)?),
            SortKey::NextStart(today) => SortColumn::From(segment.numbers(fields.starts)?, *today),
            SortKey::Title => SortColumn::Titles(segment.words(fields.name_key)?),
            SortKey::PublishedAt => SortColumn::Numbers(segment.numbers(fields.published_at)?),
            SortKey::UpdatedAt => SortColumn::Numbers(segment.numbers(fields.updated_at)?),
        })
    }

    /// The key of a document.
    pub(super) fn key(&self, document: DocId) -> Option<u64> {
        match self {
            SortColumn::None => None,
            SortColumn::Numbers(column) => column.first(document).map(i64::to_u64),
            SortColumn::Fractions(column) => column.first(document).map(f64::to_u64),
            SortColumn::Among(column, stated) => {
                if stated.contains(document) {
                    column.first(document).map(i64::to_u64)
                } else {
                    None
                }
            }
            SortColumn::From(column, least) => {
                column.values_for_doc(document).find(|start| start >= least && *start < ON_DEMAND).map(i64::to_u64)
            }
            SortColumn::Titles(column) => column.and_then(|column| column.ords().first(document)).map(ordinal_key),
        }
    }

    /// The rank in this segment of a key out of a cursor; `None` where it is no key of this order.
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

    /// The title behind the key of a document; `None` in every other order.
    pub(super) fn title(&self, document: DocId) -> Result<Option<String>> {
        let SortColumn::Titles(Some(column)) = self else { return Ok(None) };
        let Some(ordinal) = column.ords().first(document) else { return Ok(None) };
        let mut title = String::new();
        column.ord_to_str(ordinal, &mut title).map_err(AppError::internal)?;
        Ok(Some(title))
    }
}

/// The key of the title at a ordinal of the segment's dictionary: even numbers, so that there is room before each for
/// titles that the segment does not have.
fn ordinal_key(ordinal: u64) -> u64 {
    ordinal.saturating_mul(2).saturating_add(2)
}

/// The key of a title: that of documents that have it, else the room before the next one.
fn title_key(titles: &StrColumn, title: &str) -> Result<u64> {
    let dictionary = titles.dictionary();
    if let Some(ordinal) = dictionary.term_ord(title).map_err(AppError::internal)? {
        return Ok(ordinal_key(ordinal));
    }
    let bounds = dictionary.term_bounds_to_ord(Bound::Included(title), Bound::Unbounded);
    match bounds.map_err(AppError::internal)?.0 {
        Bound::Included(next) | Bound::Excluded(next) => Ok(ordinal_key(next) - 1),
        Bound::Unbounded => Ok(1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, SortKey::*};

    #[test]
    fn the_names_in_cursors_stay() {
        let keys = [Relevance, Rating, ReviewCount, Employment, Price("EUR".to_owned()), Duration, MentoringSessions];
        let keys = keys.into_iter().chain([NextStart(20_000), Title, PublishedAt, UpdatedAt]);
        let names: Vec<String> = keys.map(|by| Order { by, descending: true }.name()).collect();
        let expected = "Relevance:DESC Rating:DESC ReviewCount:DESC Employment:DESC Price(\"EUR\"):DESC Duration:DESC \
                        MentoringSessions:DESC NextStart:DESC Title:DESC PublishedAt:DESC UpdatedAt:DESC";
        assert_eq!(names.join(" "), expected);
        assert_eq!(Order { by: Title, descending: false }.name(), "Title:ASC");
    }
}
