//! Encodes a financing plan as one number, so that a condition on kind and rate of a single plan is one range.

use std::ops::RangeInclusive;

use entity::FinancingKind;

/// Range of the rates of one kind: far beyond any rate, with few enough bits for a dense column.
const KIND_FACTOR: i64 = 1 << 40;
/// Highest rate that can be represented.
const MAX_RATE: i64 = KIND_FACTOR - 2;

/// Encodes a plan: the index of its kind, then its yearly rate in ten-thousandths of a percent plus 1, or 0 if it is
/// not stated.
pub fn key(kind: FinancingKind, apr_percent_e4: Option<i64>) -> i64 {
    kind as i64 * KIND_FACTOR + apr_percent_e4.map_or(0, |rate| rate.clamp(0, MAX_RATE) + 1)
}

/// Range of all plans of a kind, or of those that state a rate within these bounds.
pub fn range(kind: FinancingKind, apr_percent_e4: Option<RangeInclusive<i64>>) -> RangeInclusive<i64> {
    let base = kind as i64 * KIND_FACTOR;
    match apr_percent_e4 {
        None => base..=base + KIND_FACTOR - 1,
        // An upper bound below zero gives an empty range: 0 stands for plans without a rate, which must not match.
        Some(rate) => base + (*rate.start()).clamp(0, MAX_RATE) + 1..=base + (*rate.end()).clamp(-1, MAX_RATE) + 1,
    }
}
