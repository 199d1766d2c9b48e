//! What follows from the figures of a report. Nothing of it is stored.

use entity::{outcome_employment, outcome_report};
use rust_decimal::Decimal;

/// Graduates of whom it takes so many before a course is ranked by them: of fewer each one moves the rate by more than a
/// tenth.
pub(super) const RANKED_FROM: i32 = 10;

/// How many graduated, within half as long again as the course takes.
pub(super) fn graduates(row: &outcome_report::Model) -> i32 {
    row.graduated_on_time + row.graduated_late
}

/// How many were employed in the field that they trained for, as CIRR counts them: its categories 1A to 1E.
pub(super) fn employed_in_field(row: &outcome_employment::Model) -> i32 {
    row.full_time + row.apprenticeship + row.hired_by_school + row.started_company + row.short_term
}

/// How many there are in all.
pub(super) fn everyone(row: &outcome_employment::Model) -> i32 {
    let elsewhere = row.out_of_field + row.continuing_education;
    employed_in_field(row) + elsewhere + row.seeking + row.not_seeking + row.non_reporting
}

/// A share in percent to two decimals, a half to the even neighbour; nothing of nobody.
pub(super) fn percent(part: i32, whole: i32) -> Option<Decimal> {
    let share = Decimal::from(part).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.into())?;
    Some(share.round_dp(2).normalize())
}
