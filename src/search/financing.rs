//! A financing plan as one number, so that a condition on kind and rate of one and the same plan is one range.

use std::ops::RangeInclusive;

use entity::FinancingKind;

/// Room for the rate of one kind: far beyond any rate, and few enough bits for a dense column.
const KIND_FACTOR: i64 = 1 << 40;
/// The highest rate that is told apart.
const MAX_RATE: i64 = KIND_FACTOR - 2;

/// A plan: its kind by place, then its yearly rate in ten-thousandths of a percent plus 1, or 0 where it is not stated.
pub fn key(kind: FinancingKind, apr_percent_e4: Option<i64>) -> i64 {
    kind as i64 * KIND_FACTOR + apr_percent_e4.map_or(0, |rate| rate.clamp(0, MAX_RATE) + 1)
}

/// All plans of a kind, or those that state a rate within these bounds.
pub fn range(kind: FinancingKind, apr_percent_e4: Option<RangeInclusive<i64>>) -> RangeInclusive<i64> {
    let base = kind as i64 * KIND_FACTOR;
    match apr_percent_e4 {
        None => base..=base + KIND_FACTOR - 1,
        // An end below nothing makes an empty range: 0 is the place of plans without a rate, and nobody means those.
        Some(rate) => base + (*rate.start()).clamp(0, MAX_RATE) + 1..=base + (*rate.end()).clamp(-1, MAX_RATE) + 1,
    }
}
