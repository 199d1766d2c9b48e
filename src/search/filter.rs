//! What courses are chosen by, and which documents of a segment it holds for. What must not go in: how conditions are
//! written in the API.
//!
//! Every condition gives a set of documents, and the set operations are those of the logic: a listing that states
//! nothing is in no set of the field, so a condition on it does not hold, and `Not` is everything else.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use roaring::RoaringBitmap;
use tantivy::columnar::Column;
use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::Fields;
use super::place::Circle;
use super::segment::Segment;
use crate::error::{AppError, Result};

/// A condition. On a course where it stands outside of `Offering`, on an offering inside.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these; without any: everything.
    All(Vec<Condition>),
    /// Any of these; without any: nothing.
    Any(Vec<Condition>),
    /// What this does not match.
    Not(Box<Condition>),
    /// The field holds any of these numbers.
    Terms(Field, Vec<i64>),
    /// The field holds this word.
    Word(Field, String),
    /// It has a price in this currency; what is free has one in all of them.
    PricedIn(String),
    /// The field holds any word at all.
    AnyWord(Field),
    /// The field holds this language or a variety of it, as BCP 47 matches ranges: "en" is met by "en-GB" too.
    Language(Field, String),
    /// The field holds a whole number within these bounds.
    Between(Field, RangeInclusive<i64>),
    /// The field holds a fraction within these bounds.
    Within(Field, RangeInclusive<f64>),
    /// The offering is held within this circle.
    Near(Circle),
    /// One and the same offering meets this.
    Offering(Box<Condition>),
}

/// No word comes after it.
const LAST: &str = "\u{10FFFF}";

impl Condition {
    /// Every course.
    pub const EVERYTHING: Condition = Condition::All(Vec::new());

    /// The field holds any number at all.
    pub fn stated(field: Field) -> Self {
        Condition::Between(field, i64::MIN..=i64::MAX)
    }

    /// The field holds any fraction at all.
    pub fn stated_fraction(field: Field) -> Self {
        Condition::Within(field, f64::MIN..=f64::MAX)
    }

    /// The courses of a segment that meet it.
    pub(super) fn courses(&self, segment: &Segment) -> Result<RoaringBitmap> {
        let all = segment.courses()?;
        Ok(self.documents(segment, all)? & all)
    }

    /// The documents that meet it. Leaves give documents of all kinds, deleted ones too: whoever asks keeps those
    /// that are in `all`.
    fn documents(&self, segment: &Segment, all: &RoaringBitmap) -> Result<RoaringBitmap> {
        match self {
            Condition::All(parts) => intersection(parts, segment, all),
            Condition::Any(parts) => union(parts.iter().map(|part| part.documents(segment, all))),
            Condition::Not(part) => Ok(all - part.documents(segment, all)?),
            Condition::Terms(field, numbers) => {
                union(numbers.iter().map(|number| segment.with_term(&Term::from_field_i64(*field, *number))))
            }
            Condition::Word(field, word) => segment.with_term(&Term::from_field_text(*field, word)),
            Condition::PricedIn(currency) => segment.priced_in(currency),
            Condition::AnyWord(field) => segment.with_words(*field, ""..LAST),
            Condition::Language(field, tag) => language(segment, *field, tag),
            Condition::Between(field, range) => between(segment, *field, range),
            Condition::Within(field, range) => within(segment, *field, range),
            Condition::Near(circle) => near(segment, circle),
            Condition::Offering(part) => {
                let offerings = segment.offerings()?;
                courses_of(segment, &(part.documents(segment, offerings)? & offerings))
            }
        }
    }
}

fn intersection(parts: &[Condition], segment: &Segment, all: &RoaringBitmap) -> Result<RoaringBitmap> {
    let Some((first, rest)) = parts.split_first() else { return Ok(all.clone()) };
    let mut documents = first.documents(segment, all)?;
    for part in rest {
        if documents.is_empty() {
            break;
        }
        documents &= part.documents(segment, all)?;
    }
    Ok(documents)
}

fn union(parts: impl Iterator<Item = Result<RoaringBitmap>>) -> Result<RoaringBitmap> {
    let mut documents = RoaringBitmap::new();
    for part in parts {
        documents |= part?;
    }
    Ok(documents)
}

fn language(segment: &Segment, field: Field, tag: &str) -> Result<RoaringBitmap> {
    let exactly = segment.with_term(&Term::from_field_text(field, tag))?;
    // '.' follows '-' in ASCII, so these are the tags that begin with this one and a hyphen.
    let varieties = segment.with_words(field, &format!("{tag}-")..&format!("{tag}."))?;
    Ok(exactly | varieties)
}

fn between(segment: &Segment, field: Field, range: &RangeInclusive<i64>) -> Result<RoaringBitmap> {
    scan(segment.numbers(field)?, range, segment)
}

fn within(segment: &Segment, field: Field, range: &RangeInclusive<f64>) -> Result<RoaringBitmap> {
    scan(segment.fractions(field)?, range, segment)
}

fn scan<T>(column: &Column<T>, range: &RangeInclusive<T>, segment: &Segment) -> Result<RoaringBitmap>
where
    T: PartialOrd + Copy + Debug + Send + Sync + 'static,
{
    let mut documents: Vec<DocId> = Vec::new();
    // Asked for a range wholly below the smallest value, the library gives the documents that hold that value.
    let beside = *range.end() < column.min_value() || *range.start() > column.max_value();
    if !range.is_empty() && !beside {
        column.get_docids_for_value_range(range.clone(), 0..segment.reader.max_doc(), &mut documents);
    }
    RoaringBitmap::from_sorted_iter(documents).map_err(AppError::internal)
}

fn near(segment: &Segment, circle: &Circle) -> Result<RoaringBitmap> {
    let Fields { latitude, longitude, .. } = *segment.fields;
    let mut documents = within(segment, latitude, &circle.latitudes())?;
    let (latitudes, longitudes) = (segment.fractions(latitude)?, segment.fractions(longitude)?);
    documents.retain(|document| {
        let place = latitudes.first(document).zip(longitudes.first(document));
        place.is_some_and(|(latitude, longitude)| circle.contains(latitude, longitude))
    });
    Ok(documents)
}

/// The courses of offerings: of each the last one before it, since a course and its offerings are one block.
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
    RoaringBitmap::from_sorted_iter(found).map_err(AppError::internal)
}
