//! Facet counts of a course search. Each facet ignores its own filter, so that a choice can be widened. Does not belong
//! here: names and the order of the counts.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::condition::Condition;
use super::fields::Fields;
use super::filter::SegmentScope;
use super::matches::{FilterClause, Matches};
use super::reader::Reader;
use super::segment::Segment;
use super::segment_data::word;
use crate::error::Result;

/// Work units per course for counting the values of a field.
const COUNT_WORK: u64 = 6;
/// Work units per course for reading one number.
const FIGURE_WORK: u64 = 5;

/// Number of courses per member of an enum, which are the integers of a field below `members`. Omits members without
/// courses.
pub fn members(
    matches: &Matches,
    clause: FilterClause,
    field: fn(&Fields) -> Field,
    members: usize,
) -> Result<FxHashMap<i64, u64>> {
    let mut counts = FxHashMap::default();
    let (found, field) = (matches.without(clause)?, field(&matches.reader().fields));
    for member in 0..members as i64 {
        let condition = Condition::Terms(field, vec![member]);
        let count = count(matches, found.iter(), &condition)?;
        if count > 0 {
            counts.insert(member, count);
        }
    }
    Ok(counts)
}

/// Number of courses per ID in a field. Omits IDs without courses.
pub fn ids(matches: &Matches, clause: FilterClause, field: fn(&Fields) -> Field) -> Result<FxHashMap<i64, u64>> {
    let reader = matches.reader();
    let field = field(&reader.fields);
    if matches.is_everything_without(clause)
        && let Some(known) = reader.course_counts().of_field(field)
    {
        reader.charge(known.len() as u64)?;
        return Ok(known.clone());
    }
    let mut counts = FxHashMap::default();
    for (segment, documents) in matches.without(clause)?.charged(COUNT_WORK)? {
        for (value, count) in segment.codes(field)?.count(documents.iter()) {
            *counts.entry(value).or_default() += count;
        }
    }
    Ok(counts)
}

/// Number of courses per word of a field, in the order of the words. Omits words without courses.
pub fn languages(matches: &Matches, clause: FilterClause) -> Result<BTreeMap<String, u64>> {
    let reader = matches.reader();
    if matches.is_everything_without(clause) {
        let known = reader.course_counts().languages();
        return Ok(known.iter().map(|(language, count)| (language.clone(), *count)).collect());
    }
    let mut counts = BTreeMap::new();
    for (segment, documents) in matches.without(clause)?.charged(COUNT_WORK)? {
        let Some(column) = segment.words(reader.fields.language)? else { continue };
        // Counts by ordinals of the segment's dictionary, and resolves the words at the end.
        let mut ordinals = vec![0_u64; column.num_terms()];
        for ordinal in documents.iter().flat_map(|document| column.term_ords(document)) {
            ordinals.get_mut(ordinal as usize).into_iter().for_each(|count| *count += 1);
        }
        for (ordinal, count) in (0..).zip(ordinals).filter(|(_, count)| *count > 0) {
            *counts.entry(word(column, ordinal)?).or_default() += count;
        }
    }
    Ok(counts)
}

/// Number of courses with an average rating of at least each of these values.
pub fn ratings<const N: usize>(matches: &Matches, at_least: [f64; N]) -> Result<[u64; N]> {
    let found = matches.without(FilterClause::Ratings)?;
    let mut counts = [0; N];
    for (counted, least) in counts.iter_mut().zip(at_least) {
        let condition = Condition::Within(matches.reader().fields.rating, least..=f64::MAX);
        *counted = count(matches, found.iter(), &condition)?;
    }
    Ok(counts)
}

/// Counts the courses among these that meet a condition.
fn count<'a>(
    matches: &'a Matches,
    segments: impl Iterator<Item = (&'a Segment, &'a RoaringBitmap)>,
    condition: &Condition,
) -> Result<u64> {
    let mut count = 0;
    for (segment, documents) in segments.filter(|(_, documents)| !documents.is_empty()) {
        matches.reader().charge(segment.set_work())?;
        let met = condition.documents(SegmentScope::courses(matches.reader(), segment))?;
        count += met.intersection_len(documents);
    }
    Ok(count)
}

/// Providers that have a course which teaches any of these skills.
pub fn providers_teaching(reader: &Reader, skills: &[i64]) -> Result<BTreeSet<i64>> {
    let mut providers = BTreeSet::new();
    let condition = Condition::Terms(reader.fields.skill, skills.to_vec());
    for segment in reader.segments.iter() {
        let courses = condition.courses(reader, segment)?;
        reader.meter().charge(courses.len() * FIGURE_WORK)?;
        let column = segment.numbers(reader.fields.provider)?;
        providers.extend(courses.iter().filter_map(|course| column.first(course)));
    }
    Ok(providers)
}

/// Prices of some courses, in minor units.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Lowest price.
    pub min: Option<i64>,
    /// Highest price.
    pub max: Option<i64>,
    /// Number of courses per range of prices, both bounds inclusive. Omits empty ranges.
    pub buckets: Vec<(i64, i64, u64)>,
}

/// Prices in one currency.
pub fn prices(matches: &Matches, currency: &str) -> Result<Prices> {
    let ladder = ladder();
    let mut prices = Prices::default();
    let mut counts = vec![0; ladder.len()];
    let priced = Condition::PricedIn(currency.to_owned());
    for (segment, documents) in matches.without(FilterClause::Price)?.charged(FIGURE_WORK)? {
        let stated = priced.documents(SegmentScope::courses(matches.reader(), segment))?;
        let column = segment.numbers(segment.fields.price)?;
        for price in (documents & &*stated).iter().filter_map(|document| column.first(document)) {
            prices.min = Some(prices.min.map_or(price, |min| min.min(price)));
            prices.max = prices.max.max(Some(price));
            let step = ladder.partition_point(|from| *from <= price).saturating_sub(1);
            counts.iter_mut().skip(step).take(1).for_each(|count| *count += 1);
        }
    }
    let ends = ladder.iter().skip(1).map(|next| next - 1).chain([i64::MAX]);
    let buckets = ladder.iter().zip(ends).zip(counts).filter(|(_, count)| *count > 0);
    prices.buckets = buckets.map(|((from, to), count)| (*from, to, count)).collect();
    Ok(prices)
}

/// Lower bounds of price buckets: 0, then 1, 2 and 5 times each power of ten. Fixed steps rather than quantiles, so
/// that the buckets stay the same from one search to the next.
fn ladder() -> Vec<i64> {
    let powers = (0..18).map(|digits| 10_i64.pow(digits));
    std::iter::once(0).chain(powers.flat_map(|power| [power, 2 * power, 5 * power])).collect()
}
