//! All courses of a segment in an order, deleted ones included, to walk through from a cursor. Does not belong here: which
//! of them match.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::DocId;
use tantivy::columnar::Column;

use super::order::{ABSENT, Order, SortKey};
use super::permutation::{Permutation, PermutationKey};
use super::reader::Reader;
use super::segment::Segment;
use super::sort_column::SortColumn;
use crate::error::Result;

/// Work units per course for sorting the courses of a segment.
const SORT_WORK: u64 = 20;
/// Work units for finding a place in an order.
const PLACE_WORK: u64 = 200;

/// Courses of a segment in an order.
pub(super) struct Sequence<'a> {
    reader: &'a Reader,
    order: &'a Order,
    keys: &'a SortColumn<'a>,
    ids: &'a Column<i64>,
    sorted: Arc<Permutation>,
    /// Courses by ID, in an order by price. Amounts are sorted whatever their currency: those in another one are skipped
    /// there, and follow here with the courses without a price.
    others: Option<Arc<Permutation>>,
}

impl<'a> Sequence<'a> {
    /// Opens the sequence of an order. `keys` are its sort keys in the segment.
    pub(super) fn open(
        reader: &'a Reader,
        segment: &'a Segment,
        order: &'a Order,
        keys: &'a SortColumn<'a>,
    ) -> Result<Self> {
        let (key, others) = match order.by {
            SortKey::Relevance => (PermutationKey::Id, None),
            SortKey::Price(_) => (
                PermutationKey::Amount { descending: order.descending },
                Some(permutation(reader, segment, &PermutationKey::Id)?),
            ),
            SortKey::Rating
            | SortKey::ReviewCount
            | SortKey::Employment
            | SortKey::Duration
            | SortKey::MentoringSessions
            | SortKey::NextStart(_)
            | SortKey::Title
            | SortKey::PublishedAt
            | SortKey::UpdatedAt => (PermutationKey::Order(order.clone()), None),
        };
        let (sorted, ids) = (permutation(reader, segment, &key)?, segment.numbers(segment.fields.id)?);
        Ok(Self { reader, order, keys, ids, sorted, others })
    }

    /// Courses by rank.
    fn ranked(&self) -> &[DocId] {
        let documents = &*self.sorted.documents;
        if self.others.is_none() { documents } else { documents.get(..self.sorted.present).unwrap_or(documents) }
    }

    /// Number of places, some of which may be empty.
    pub(super) fn len(&self) -> usize {
        self.ranked().len() + self.others.as_ref().map_or(0, |others| others.documents.len())
    }

    /// Course at a place; `None` if the place is empty.
    pub(super) fn get(&self, place: usize) -> Option<DocId> {
        let ranked = self.ranked();
        let Some(others) = &self.others else { return ranked.get(place).copied() };
        match place.checked_sub(ranked.len()) {
            None => ranked.get(place).copied().filter(|document| self.keys.key(*document).is_some()),
            Some(place) => others.documents.get(place).copied().filter(|document| self.keys.key(*document).is_none()),
        }
    }

    /// Number of places before a rank and ID. With `inclusive`, a course with exactly these counts too.
    pub(super) fn places_before(&self, (rank, id): (u64, i64), inclusive: bool) -> Result<usize> {
        self.reader.charge(PLACE_WORK)?;
        let is_before = |ordering: Ordering| ordering == Ordering::Less || inclusive && ordering == Ordering::Equal;
        let id_of = |document: DocId| self.ids.first(document).unwrap_or_default();
        let ranked = self.ranked();
        if let Some(others) = self.others.as_ref().filter(|_| rank == ABSENT) {
            let before = others.documents.partition_point(|document| is_before(id_of(*document).cmp(&id)));
            return Ok(ranked.len() + before);
        }
        Ok(ranked.partition_point(|document| {
            let own = self.order.rank(self.keys.sorted_key(*document));
            is_before(own.cmp(&rank).then_with(|| id_of(*document).cmp(&id)))
        }))
    }
}

/// Permutation of a segment, which is made when it is first needed.
pub(super) fn permutation(reader: &Reader, segment: &Segment, key: &PermutationKey) -> Result<Arc<Permutation>> {
    segment.permutations.get(key, || {
        let amount = |descending| Order { by: SortKey::Price(String::new()), descending };
        let order = match key {
            PermutationKey::Id => Order { by: SortKey::Relevance, descending: true },
            PermutationKey::Amount { descending } => amount(*descending),
            PermutationKey::Order(order) => order.clone(),
        };
        let courses = segment.all_courses();
        reader.meter().charge_each(courses.len() as usize, SORT_WORK)?;
        let (keys, ids) = (SortColumn::open(&order, reader, segment)?, segment.numbers(segment.fields.id)?);
        let entry = |document: DocId| {
            (order.rank(keys.sorted_key(document)), ids.first(document).unwrap_or_default(), document)
        };
        let mut entries: Vec<_> = courses.iter().map(entry).collect();
        entries.sort_unstable();
        let present = entries.partition_point(|(rank, ..)| *rank < ABSENT);
        Ok(Permutation { documents: entries.into_iter().map(|(.., document)| document).collect(), present })
    })
}
