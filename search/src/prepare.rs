//! Prepares a commit before it is served: what is in use in earlier segments is made in new ones, away from the threads that
//! answer. Does not belong here: when commits are served.

use std::collections::HashSet;

use tantivy::index::SegmentId;

use super::condition::Condition;
use super::filter::SegmentScope;
use super::order::{Order, SortKey};
use super::permutation::PermutationKey;
use super::reader::Reader;
use super::sequence::permutation;
use crate::error::Result;

/// Makes in the segments of a reader what those of an earlier one have.
pub(super) fn prepare(reader: &Reader, earlier: Option<&Reader>) -> Result<()> {
    let before = || earlier.iter().flat_map(|earlier| earlier.segments.iter());
    let known: HashSet<SegmentId> = before().map(|segment| segment.id()).collect();
    let exist: HashSet<SegmentId> = reader.segments.iter().map(|segment| segment.id()).collect();
    // Courses are listed by rating unless a request says otherwise.
    let usual = PermutationKey::Order(Order { by: SortKey::Rating, descending: true });
    let orders: HashSet<PermutationKey> =
        before().flat_map(|segment| segment.permutations.keys()).chain([usual]).collect();
    // A small new segment costs little. One that replaces others has to answer what was asked of them.
    let merged = before().filter(|segment| !exist.contains(&segment.id()));
    let conditions: HashSet<Condition> = merged.flat_map(|segment| segment.sets.conditions()).collect();
    for segment in reader.segments.iter().filter(|segment| !known.contains(&segment.id())) {
        for key in &orders {
            permutation(reader, segment, key)?;
        }
        for condition in &conditions {
            condition.documents(SegmentScope::courses(reader, segment))?;
        }
    }
    if earlier.is_some_and(Reader::has_languages) {
        reader.languages()?;
    }
    Ok(())
}
