//! A financing plan as one number, so that a condition on kind and rate of one and the same plan is one range.

use std::ops::RangeInclusive;

use entity::FinancingKind;

/// Room for the rate of one kind: far beyond any rate, and few enough bits for a dense column.
const KIND: i64 = 1 << 40;
/// The highest rate that is told apart.
const MOST: i64 = KIND - 2;

/// A plan: its kind by place, then its yearly rate in ten-thousandths of a percent plus 1, or 0 where it is not stated.
pub fn key(kind: FinancingKind, apr_percent_e4: Option<i64>) -> i64 {
    kind as i64 * KIND + apr_percent_e4.map_or(0, |rate| rate.clamp(0, MOST) + 1)
}

/// All plans of a kind, or those that state a rate within these bounds.
pub fn range(kind: FinancingKind, apr_percent_e4: Option<RangeInclusive<i64>>) -> RangeInclusive<i64> {
    let base = kind as i64 * KIND;
    match apr_percent_e4 {
        None => base..=base + KIND - 1,
        // An end below nothing makes an empty range: 0 is the place of plans without a rate, and nobody means those.
        Some(rate) => base + (*rate.start()).clamp(0, MOST) + 1..=base + (*rate.end()).clamp(-1, MOST) + 1,
    }
}
