//! Figures derived from those of a report. None of them is stored.

use entity::{outcome_employment, outcome_report};
use rust_decimal::Decimal;

/// Minimum number of graduates for a report to rank its course. With fewer, each graduate would change the rate by more
/// than a tenth.
pub const MIN_RANKED_GRADUATES: i32 = 10;

/// Returns the number of graduates, within one and a half times the length of the course.
pub fn graduates(row: &outcome_report::Model) -> i32 {
    row.graduated_on_time + row.graduated_late
}

/// Returns the number of graduates employed in the field they trained for, as CIRR counts them: categories 1A to 1E.
pub fn employed_in_field(row: &outcome_employment::Model) -> i32 {
    row.full_time + row.apprenticeship + row.hired_by_school + row.started_company + row.short_term
}

/// Returns the total of all counts.
pub fn everyone(row: &outcome_employment::Model) -> i32 {
    let elsewhere = row.out_of_field + row.continuing_education;
    employed_in_field(row) + elsewhere + row.seeking + row.not_seeking + row.non_reporting
}

/// Returns a share in percent, rounded to two decimals, half to even. `None` if `whole` is 0.
pub fn percent(part: i32, whole: i32) -> Option<Decimal> {
    let share = Decimal::from(part).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.into())?;
    Some(share.round_dp(2).normalize())
}
