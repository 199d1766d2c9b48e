//! Filter conditions on the documents of a segment. Does not belong here: how conditions are written in the API.
//!
//! A condition has two forms that agree: the set of its documents, for counting and combining, and a `Matcher`, which tells
//! whether one document meets it, for walking through an order. Both are made of the same leaves, whose sets are kept from
//! one request to the next. A listing that does not state a field is in no set of that field, so a condition on it does
//! not match, and `Not` is the complement.

use std::collections::HashSet;
use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::columnar::Column;
use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::condition::{Circle, Condition};
use super::evaluation::Scope;
use super::fields::{FREE, Fields};
use super::reader::Reader;
use super::segment::Segment;
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Work units for looking up a set that is kept.
const LOOKUP_WORK: u64 = 10;
/// Work units per value of a column scan.
const VALUE_WORK: u64 = 1;
/// Work units for testing whether a point is in a circle.
const POINT_WORK: u64 = 15;
/// Work units for finding the course of an offering.
const COURSE_WORK: u64 = 3;
/// A set is intersected with a range by testing its documents, rather than by scanning the column, up to this fraction
/// of the segment.
const TESTED_FRACTION: u64 = 8;

/// Upper bound: no word sorts after it.
const MAX_WORD: &str = "\u{10FFFF}";

impl Condition {
    /// Matching courses of a segment.
    pub(super) fn courses(&self, reader: &Reader, segment: &Segment) -> Result<RoaringBitmap> {
        SegmentScope::courses(reader, segment).matching(&[self], &[segment.courses()])
    }

    /// Matching documents of the scope. They may include documents of other kinds and deleted ones, so that they hold for
    /// later commits too.
    pub(super) fn documents(&self, at: SegmentScope<'_>) -> Result<Arc<RoaringBitmap>> {
        match self {
            Condition::All(parts) => match parts.as_slice() {
                [] => Ok(at.all().clone()),
                [part] => part.documents(at),
                parts => at.combined(self, || at.matching(&parts.iter().collect::<Vec<_>>(), &[])),
            },
            Condition::Any(parts) => match parts.as_slice() {
                [part] => part.documents(at),
                parts => at.combined(self, || at.union(unique(parts).map(|part| part.documents(at)))),
            },
            Condition::Not(part) => at.combined(self, || {
                at.charge_set()?;
                Ok(&**at.all() - &*part.documents(at)?)
            }),
            Condition::Terms(field, numbers) => match numbers.as_slice() {
                [number] => at.with_number(*field, *number),
                numbers => at.combined(self, || at.union(numbers.iter().map(|number| at.with_number(*field, *number)))),
            },
            Condition::Word(..)
            | Condition::PricedIn(_)
            | Condition::AnyWord(_)
            | Condition::Language(..)
            | Condition::Between(..)
            | Condition::Within(..)
            | Condition::Near(_)
            | Condition::Offering(_) => at.kept(self, || self.find(at)),
        }
    }

    /// Test for single documents of the scope.
    pub(super) fn matcher<'a>(&'a self, at: SegmentScope<'a>) -> Result<Matcher<'a>> {
        Ok(match self {
            Condition::All(parts) => Matcher::all(unique(parts).map(|part| part.matcher(at)).collect::<Result<_>>()?),
            Condition::Any(parts) => Matcher::any(unique(parts).map(|part| part.matcher(at)).collect::<Result<_>>()?),
            Condition::Not(part) => Matcher::Not(Box::new(part.matcher(at)?)),
            Condition::Terms(field, numbers) => {
                let terms = numbers.iter().map(|number| at.with_number(*field, *number).map(Matcher::Set));
                Matcher::any(terms.collect::<Result<_>>()?)
            }
            Condition::Between(field, range) => match at.segment.sets.get(self) {
                Some(known) => Matcher::Set(known),
                None => Matcher::Integers(at.segment.numbers(*field)?, range),
            },
            Condition::Within(field, range) => match at.segment.sets.get(self) {
                Some(known) => Matcher::Set(known),
                None => Matcher::Fractions(at.segment.fractions(*field)?, range),
            },
            Condition::Word(..)
            | Condition::PricedIn(_)
            | Condition::AnyWord(_)
            | Condition::Language(..)
            | Condition::Near(_)
            | Condition::Offering(_) => Matcher::Set(self.documents(at)?),
        })
    }

    /// Finds the documents of a condition that is no combination of others.
    fn find(&self, at: SegmentScope<'_>) -> Result<RoaringBitmap> {
        let SegmentScope { reader, segment, .. } = at;
        let meter = reader.meter();
        match self {
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Terms(..) => {
                Err(Error::internal("a combination of conditions is no leaf"))
            }
            Condition::Word(field, word) => segment.with_term(&Term::from_field_text(*field, word), meter),
            Condition::PricedIn(currency) => {
                let field = segment.fields.price_currency;
                let with = |word| segment.with_term(&Term::from_field_text(field, word), meter);
                Ok(with(currency)? | with(FREE)?)
            }
            Condition::AnyWord(field) => segment.with_words(*field, ""..MAX_WORD, meter),
            Condition::Language(field, tag) => language(segment, *field, tag, meter),
            Condition::Between(field, range) => scan(segment.numbers(*field)?, range, segment, meter),
            Condition::Within(field, range) => scan(segment.fractions(*field)?, range, segment, meter),
            Condition::Near(circle) => near(segment, circle, meter),
            Condition::Offering(part) => {
                let at = SegmentScope { scope: Scope::Offerings, ..at };
                let offerings = at.matching(&[part], &[at.all()])?;
                meter.charge_each(segment.all_courses().len() as usize, COURSE_WORK)?;
                courses_of(segment, &offerings)
            }
        }
    }
}

/// Test of single documents.
pub(super) enum Matcher<'a> {
    Set(Arc<RoaringBitmap>),
    Integers(&'a Column<i64>, &'a RangeInclusive<i64>),
    Fractions(&'a Column<f64>, &'a RangeInclusive<f64>),
    /// All of these, those with the fewest documents first.
    All(Vec<Matcher<'a>>),
    Any(Vec<Matcher<'a>>),
    Not(Box<Matcher<'a>>),
}

impl<'a> Matcher<'a> {
    /// Matches documents that match all of these.
    pub(super) fn all(mut parts: Vec<Matcher<'a>>) -> Self {
        parts.sort_by_key(|part| part.max_documents().unwrap_or(u64::MAX));
        if parts.len() == 1 { parts.remove(0) } else { Matcher::All(parts) }
    }

    fn any(mut parts: Vec<Matcher<'a>>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Matcher::Any(parts) }
    }

    /// Whether a document matches.
    pub(super) fn matches(&self, document: DocId) -> bool {
        match self {
            Matcher::Set(documents) => documents.contains(document),
            Matcher::Integers(column, range) => column.values_for_doc(document).any(|value| range.contains(&value)),
            Matcher::Fractions(column, range) => column.values_for_doc(document).any(|value| range.contains(&value)),
            Matcher::All(parts) => parts.iter().all(|part| part.matches(document)),
            Matcher::Any(parts) => parts.iter().any(|part| part.matches(document)),
            Matcher::Not(part) => !part.matches(document),
        }
    }

    /// Upper bound of the number of documents that match; `None` if it is not known.
    pub(super) fn max_documents(&self) -> Option<u64> {
        match self {
            Matcher::Set(documents) => Some(documents.len()),
            Matcher::Integers(..) | Matcher::Fractions(..) | Matcher::Not(_) => None,
            Matcher::All(parts) => parts.iter().filter_map(Matcher::max_documents).min(),
            Matcher::Any(parts) => parts.iter().map(Matcher::max_documents).sum(),
        }
    }

    /// Number of tests that a document may have to undergo.
    pub(super) fn tests(&self) -> u64 {
        match self {
            Matcher::Set(_) | Matcher::Integers(..) | Matcher::Fractions(..) => 1,
            Matcher::All(parts) | Matcher::Any(parts) => parts.iter().map(Matcher::tests).sum(),
            Matcher::Not(part) => part.tests(),
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
    /// Courses of a segment.
    pub(super) fn courses(reader: &'a Reader, segment: &'a Segment) -> Self {
        Self { reader, segment, scope: Scope::Courses }
    }

    /// All documents of its scope, including deleted ones.
    fn all(self) -> &'a Arc<RoaringBitmap> {
        match self.scope {
            Scope::Courses => self.segment.all_courses(),
            Scope::Offerings => self.segment.all_offerings(),
        }
    }

    /// Charges an operation on two sets.
    fn charge_set(self) -> Result<()> {
        self.reader.meter().charge(self.segment.set_work())
    }

    /// Set of a combination of conditions, made once per request.
    fn combined(
        self,
        condition: &Condition,
        find: impl FnOnce() -> Result<RoaringBitmap>,
    ) -> Result<Arc<RoaringBitmap>> {
        self.reader.evaluation.set(self.segment.ordinal, self.scope, condition, find)
    }

    /// Set of a condition that is kept as long as the segment exists, unless it takes too much memory.
    fn kept(self, condition: &Condition, find: impl FnOnce() -> Result<RoaringBitmap>) -> Result<Arc<RoaringBitmap>> {
        self.reader.meter().charge(LOOKUP_WORK)?;
        if let Some(known) = self.segment.sets.get(condition) {
            return Ok(known);
        }
        let found = Arc::new(find()?);
        self.segment.sets.insert(condition, &found);
        Ok(found)
    }

    /// Documents with an integer.
    pub(super) fn with_number(self, field: Field, number: i64) -> Result<Arc<RoaringBitmap>> {
        let find = || self.segment.with_term(&Term::from_field_i64(field, number), self.reader.meter());
        self.kept(&Condition::Terms(field, vec![number]), find)
    }

    fn union(self, parts: impl Iterator<Item = Result<Arc<RoaringBitmap>>>) -> Result<RoaringBitmap> {
        let mut documents = RoaringBitmap::new();
        for part in parts {
            self.charge_set()?;
            documents |= &*part?;
        }
        Ok(documents)
    }

    /// Documents that meet all of these conditions and are in all of these sets. Begins with the smallest sets, and does
    /// not scan a column for what few documents have to be tested for.
    pub(super) fn matching(self, conditions: &[&Condition], within: &[&Arc<RoaringBitmap>]) -> Result<RoaringBitmap> {
        let mut sets: Vec<Arc<RoaringBitmap>> = within.iter().map(|set| (*set).clone()).collect();
        let mut others = Vec::new();
        for condition in conditions {
            let matcher = condition.matcher(self)?;
            if let Matcher::Set(documents) = matcher {
                sets.push(documents);
            } else {
                others.push((condition, matcher));
            }
        }
        sets.sort_by_key(|set| set.len());
        self.reader.meter().charge_each(sets.len() + 1, self.segment.set_work())?;
        let mut sets = sets.iter();
        let first = sets.next().unwrap_or_else(|| self.all());
        let mut found = match sets.next() {
            Some(second) => &**first & &**second,
            None => RoaringBitmap::clone(first),
        };
        sets.for_each(|set| found &= &**set);
        for (condition, matcher) in others {
            if found.len() < u64::from(self.segment.max_doc()) / TESTED_FRACTION {
                self.reader.meter().charge(found.len() * 2 * matcher.tests())?;
                found.retain(|document| matcher.matches(document));
            } else {
                self.charge_set()?;
                found &= &*condition.documents(self)?;
            }
        }
        Ok(found)
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
        column.get_docids_for_value_range(range.clone(), 0..segment.max_doc(), &mut documents);
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
    let mut courses = segment.all_courses().iter().peekable();
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
