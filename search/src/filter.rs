//! Filter conditions, and the documents of a segment that match them. Does not belong here: how conditions are written
//! in the API.
//!
//! Every condition evaluates to a set of documents, and logical operators are set operations. A listing that does not
//! state a field is in no set of that field, so a condition on it does not match, and `Not` is the complement.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::columnar::Column;
use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::condition::{Circle, Condition};
use super::evaluation::Scope;
use super::fields::Fields;
use super::reader::Reader;
use super::segment::Segment;
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Work units per value of a column scan.
const VALUE_WORK: u64 = 1;
/// Work units for testing whether a point is in a circle.
const POINT_WORK: u64 = 15;
/// Work units for finding the course of an offering.
const COURSE_WORK: u64 = 3;

/// Upper bound: no word sorts after it.
const MAX_WORD: &str = "\u{10FFFF}";

impl Condition {
    /// Matching courses of a segment.
    pub(super) fn courses(&self, reader: &Reader, segment: &Segment) -> Result<RoaringBitmap> {
        let all = segment.courses()?;
        Ok(&*self.documents(SegmentScope { reader, segment, scope: Scope::Courses })? & all)
    }

    /// Matching documents, evaluated once per request.
    pub(super) fn documents(&self, at: SegmentScope<'_>) -> Result<Arc<RoaringBitmap>> {
        if let Condition::All(parts) | Condition::Any(parts) = self
            && let [part] = parts.as_slice()
        {
            return part.documents(at);
        }
        let SegmentScope { reader, segment, scope } = at;
        reader.evaluation.set(segment.ordinal, scope, self, || self.find(at))
    }

    /// Leaves return documents of all kinds, including deleted ones. The caller intersects them with the scope.
    fn find(&self, at: SegmentScope<'_>) -> Result<RoaringBitmap> {
        let SegmentScope { reader, segment, .. } = at;
        let meter = reader.meter();
        match self {
            Condition::All(parts) => at.intersection(parts),
            Condition::Any(parts) => at.union(parts),
            Condition::Not(part) => {
                at.charge_set()?;
                Ok(at.all()? - &*part.documents(at)?)
            }
            Condition::Terms(field, numbers) => {
                let numbers: BTreeSet<i64> = numbers.iter().copied().collect();
                numbers.into_iter().try_fold(RoaringBitmap::new(), |documents, number| {
                    Ok(documents | segment.with_term(&Term::from_field_i64(*field, number), meter)?)
                })
            }
            Condition::Word(field, word) => segment.with_term(&Term::from_field_text(*field, word), meter),
            Condition::PricedIn(currency) => segment.priced_in(currency, meter),
            Condition::AnyWord(field) => segment.with_words(*field, ""..MAX_WORD, meter),
            Condition::Language(field, tag) => language(segment, *field, tag, meter),
            Condition::Between(field, range) => scan(segment.numbers(*field)?, range, segment, meter),
            Condition::Within(field, range) => scan(segment.fractions(*field)?, range, segment, meter),
            Condition::Near(circle) => near(segment, circle, meter),
            Condition::Offering(part) => {
                let offerings = segment.offerings()?;
                let met = part.documents(SegmentScope { scope: Scope::Offerings, ..at })?;
                meter.charge_each(segment.courses()?.len() as usize, COURSE_WORK)?;
                courses_of(segment, &(&*met & offerings))
            }
        }
    }
}

/// Segment and scope in which a condition is evaluated.
#[derive(Clone, Copy)]
pub(super) struct SegmentScope<'a> {
    pub(super) reader: &'a Reader,
    pub(super) segment: &'a Segment,
    pub(super) scope: Scope,
}

impl<'a> SegmentScope<'a> {
    /// All documents of its scope.
    fn all(self) -> Result<&'a RoaringBitmap> {
        match self.scope {
            Scope::Courses => self.segment.courses(),
            Scope::Offerings => self.segment.offerings(),
        }
    }

    /// Charges an operation on two sets.
    fn charge_set(self) -> Result<()> {
        self.reader.meter().charge(self.segment.set_work())
    }

    fn intersection(self, parts: &[Condition]) -> Result<RoaringBitmap> {
        let mut parts = unique(parts);
        self.charge_set()?;
        let Some(first) = parts.next() else { return Ok(self.all()?.clone()) };
        let mut documents = RoaringBitmap::clone(&*first.documents(self)?);
        for part in parts {
            if documents.is_empty() {
                break;
            }
            self.charge_set()?;
            documents &= &*part.documents(self)?;
        }
        Ok(documents)
    }

    fn union(self, parts: &[Condition]) -> Result<RoaringBitmap> {
        let mut documents = RoaringBitmap::new();
        for part in unique(parts) {
            self.charge_set()?;
            documents |= &*part.documents(self)?;
        }
        Ok(documents)
    }
}

fn unique(parts: &[Condition]) -> impl Iterator<Item = &Condition> {
    let mut seen = HashSet::new();
    parts.iter().filter(move |part| seen.insert(*part))
}

fn language(segment: &Segment, field: Field, tag: &str, meter: &WorkMeter) -> Result<RoaringBitmap> {
    let exactly = segment.with_term(&Term::from_field_text(field, tag), meter)?;
    // '.' follows '-' in ASCII, so these are the tags that begin with this one and a hyphen.
    let varieties = segment.with_words(field, &format!("{tag}-")..&format!("{tag}."), meter)?;
    Ok(exactly | varieties)
}

fn scan<T>(column: &Column<T>, range: &RangeInclusive<T>, segment: &Segment, meter: &WorkMeter) -> Result<RoaringBitmap>
where
    T: PartialOrd + Copy + Debug + Send + Sync + 'static,
{
    let mut documents: Vec<DocId> = Vec::new();
    // For a range entirely below the smallest value, the library returns the documents with that value.
    let is_outside = *range.end() < column.min_value() || *range.start() > column.max_value();
    if !range.is_empty() && !is_outside {
        meter.charge(u64::from(column.values.num_vals()) * VALUE_WORK)?;
        column.get_docids_for_value_range(range.clone(), 0..segment.reader.max_doc(), &mut documents);
    }
    RoaringBitmap::from_sorted_iter(documents).map_err(Error::internal)
}

fn near(segment: &Segment, circle: &Circle, meter: &WorkMeter) -> Result<RoaringBitmap> {
    let Fields { latitude, longitude, .. } = *segment.fields;
    let (latitudes, longitudes) = (segment.fractions(latitude)?, segment.fractions(longitude)?);
    let mut documents = scan(latitudes, &circle.latitudes(), segment, meter)?;
    meter.charge_each(documents.len() as usize, POINT_WORK)?;
    documents.retain(|document| {
        let place = latitudes.first(document).zip(longitudes.first(document));
        place.is_some_and(|(latitude, longitude)| circle.contains(latitude, longitude))
    });
    Ok(documents)
}

/// Courses of these offerings: for each the last course before it, since a course and its offerings form a block.
fn courses_of(segment: &Segment, offerings: &RoaringBitmap) -> Result<RoaringBitmap> {
    let mut courses = segment.courses()?.iter().peekable();
    let mut course = None;
    let found = offerings.iter().filter_map(|offering| {
        let last = course;
        while let Some(next) = courses.next_if(|next| *next < offering) {
            course = Some(next);
        }
        course.filter(|_| course != last)
    });
    RoaringBitmap::from_sorted_iter(found).map_err(Error::internal)
}
