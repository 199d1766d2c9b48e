//! Facet counts of a course search. Each facet ignores its own filter, so that a choice can be widened. Does not belong
//! here: names and the order of the counts.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::fields::Fields;
use super::matches::{FilterClause, Matches};
use super::segment::word;
use crate::error::Result;

/// Work units per course for counting the values of a field.
const COUNT_WORK: u64 = 10;
/// Work units per course for reading one number.
const FIGURE_WORK: u64 = 5;

/// Number of courses per value of an integer field. Omits values without courses.
pub fn numbers(matches: &Matches, clause: FilterClause, field: fn(&Fields) -> Field) -> Result<FxHashMap<i64, u64>> {
    let mut counts = FxHashMap::default();
    for (segment, documents) in matches.without(clause, COUNT_WORK)? {
        let column = segment.numbers(field(&segment.fields))?;
        for value in documents.iter().flat_map(|document| column.values_for_doc(document)) {
            *counts.entry(value).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Number of courses per word of a field, in the order of the words. Omits words without courses.
pub fn words(matches: &Matches, clause: FilterClause, field: fn(&Fields) -> Field) -> Result<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    for (segment, documents) in matches.without(clause, COUNT_WORK)? {
        let Some(column) = segment.words(field(&segment.fields))? else { continue };
        // Counts by ordinals of the segment's dictionary, and resolves the words at the end.
        let mut ordinals: FxHashMap<u64, u64> = FxHashMap::default();
        for ordinal in documents.iter().flat_map(|document| column.term_ords(document)) {
            *ordinals.entry(ordinal).or_default() += 1;
        }
        for (ordinal, count) in ordinals {
            *counts.entry(word(column, ordinal)?).or_default() += count;
        }
    }
    Ok(counts)
}

/// Number of courses with an average rating of at least each of these values.
pub fn ratings<const N: usize>(matches: &Matches, at_least: [f64; N]) -> Result<[u64; N]> {
    let mut counts = [0; N];
    for (segment, documents) in matches.without(FilterClause::Ratings, FIGURE_WORK)? {
        let column = segment.fractions(segment.fields.rating)?;
        for rating in documents.iter().filter_map(|document| column.first(document)) {
            let at_most_rating = counts.iter_mut().zip(at_least).filter(|(_, least)| rating >= *least);
            at_most_rating.for_each(|(count, _)| *count += 1);
        }
    }
    Ok(counts)
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
    for (segment, documents) in matches.without(FilterClause::Price, FIGURE_WORK)? {
        let stated = segment.priced_in(currency, matches.reader().meter())?;
        let column = segment.numbers(segment.fields.price)?;
        for price in (&*documents & stated).iter().filter_map(|document| column.first(document)) {
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
