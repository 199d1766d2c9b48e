//! Computes when a raise has paid for a course. Each published figure gives its own time: contradictory figures are
//! listed side by side and never averaged.

use std::sync::Arc;

use entity::{StatisticMetric, course, statistic};
use rust_decimal::Decimal;

use super::bill::{Bill, Fact};
use crate::values::{Money, decimals, from_e4};

/// Number of months after which the raise of each figure covers the bill. Records assumptions and missing facts on the
/// bill.
pub fn times(
    all: &[Arc<statistic::Model>],
    row: &course::Model,
    salary: Option<Money>,
    bill: &mut Bill,
) -> Vec<(i32, Arc<statistic::Model>)> {
    let Some(total) = bill.total else { return Vec::new() };
    let salary = salary.filter(|salary| salary.currency == total.currency);
    let raises = raises(all, row, total);
    if raises.is_empty() {
        bill.lack(Fact::SalaryIncrease);
    }
    if salary.is_none() && raises.iter().any(|figure| is_percent(figure)) {
        bill.lack(Fact::Salary);
    }
    let time = |figure: Arc<statistic::Model>| Some((months(total, &figure, salary)?, figure));
    let times: Vec<_> = raises.into_iter().filter_map(time).collect();
    if !times.is_empty() {
        bill.assume("A raise is as published, counted from the end of the course, unchanged and before taxes.");
    }
    if let Some(salary) = salary.filter(|_| times.iter().any(|(_, figure)| is_percent(figure))) {
        bill.assume(format!("A raise in percent is one of the salary of {salary} a year."));
    }
    times
}

/// Published figures about the raise that such a course brings: amounts in the currency of `total`, and percentages of
/// publishers that give no such amount.
fn raises(all: &[Arc<statistic::Model>], row: &course::Model, total: Money) -> Vec<Arc<statistic::Model>> {
    let of = |metric: StatisticMetric| all.iter().filter(move |it| it.metric == metric && speaks_of(it, row));
    let is_in_currency = |it: &&Arc<statistic::Model>| it.currency.as_deref() == Some(total.currency.code());
    let amounts: Vec<_> = of(StatisticMetric::SalaryIncrease).filter(is_in_currency).cloned().collect();
    let gives_amount = |it: &Arc<statistic::Model>| amounts.iter().any(|other| other.publisher == it.publisher);
    let percents = of(StatisticMetric::SalaryIncreasePercent).filter(|it| !gives_amount(it)).cloned();
    amounts.iter().cloned().chain(percents).collect()
}

fn is_percent(figure: &statistic::Model) -> bool {
    figure.metric == StatisticMetric::SalaryIncreasePercent
}

/// Whether a figure is about this course, or about courses of its kind in general or of its provider.
fn speaks_of(figure: &statistic::Model, row: &course::Model) -> bool {
    let of_kind = figure.course_kind == Some(row.kind) && figure.course_id.is_none() && figure.career_id.is_none();
    figure.course_id == Some(row.id) || of_kind && figure.provider_id.is_none_or(|id| id == row.provider_id)
}

/// Number of whole months after which a raise covers the total, using the lower end of a range. `None` if it never
/// does, or if the figure is a percentage of an unknown salary.
fn months(total: Money, figure: &statistic::Model, salary: Option<Money>) -> Option<i32> {
    let value = from_e4(figure.value_e4.or(figure.range_min_e4)?);
    let a_year = if is_percent(figure) {
        Decimal::from(salary?.minor).checked_mul(value)? / Decimal::ONE_HUNDRED
    } else {
        value.checked_mul(10_i64.pow(decimals(total.currency)).into())?
    };
    let of_total = Decimal::from(total.minor) * Decimal::from(12);
    let months = of_total.checked_div(a_year).filter(|_| a_year > Decimal::ZERO)?;
    i32::try_from(months.ceil()).ok()
}
