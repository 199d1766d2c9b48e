//! Derived facts of a course: a price and a length that can be compared. The API, the search index and matching all use
//! these functions.

use entity::{PricePeriod, PricingCategory, Schedule, course, mask};
use iso_currency::Currency;
use rust_decimal::Decimal;

use crate::values::Money;

/// Assumed hours per week of a full-time course that does not state them.
const FULL_TIME_HOURS_PER_WEEK: f64 = 40.0;
/// Assumed hours per week of any other course that does not state them.
const PART_TIME_HOURS_PER_WEEK: f64 = 10.0;
/// Assumed hours of a teaching day.
const HOURS_PER_DAY: f64 = 6.0;

/// Languages in which the course is taught, as BCP 47 tags.
pub fn languages(row: &course::Model) -> impl Iterator<Item = &str> {
    row.languages.split(',').filter(|tag| !tag.is_empty())
}

/// One-off price of the course: 0 if it is free, `None` if it is a subscription or states no price.
pub fn price(row: &course::Model) -> Option<Money> {
    let stated = Money::stored(row.price, row.price_currency.as_deref());
    match (row.pricing_category, row.price_per) {
        // Free is free in every currency. A listing that names no currency gets the default of the filters.
        (Some(PricingCategory::Free), _) => {
            Some(Money { minor: 0, currency: named_currency(row).unwrap_or(Currency::USD) })
        }
        (Some(PricingCategory::Subscription), _) | (_, Some(PricePeriod::Month | PricePeriod::Year)) => None,
        (Some(PricingCategory::PartiallyFree | PricingCategory::Paid) | None, Some(PricePeriod::Once) | None) => stated,
    }
}

/// Price in a given currency. A free course has a price of 0 in every currency.
pub fn price_in(row: &course::Model, currency: Currency) -> Option<Money> {
    price(row)
        .map(|price| if price.minor == 0 { Money { currency, ..price } } else { price })
        .filter(|it| it.currency == currency)
}

/// Prices of several courses, for finding out their currencies. Free courses count only if no course has a price above
/// 0.
pub fn prices<'a>(rows: impl Iterator<Item = &'a course::Model>) -> Vec<Money> {
    let mut prices: Vec<Money> = rows.filter_map(price).collect();
    if prices.iter().any(|price| price.minor > 0) {
        prices.retain(|price| price.minor > 0);
    }
    prices
}

/// Currency that the listing itself names.
pub fn named_currency(row: &course::Model) -> Option<Currency> {
    Currency::from_code(row.price_currency.as_deref().or(row.certificate_price_currency.as_deref())?)
}

/// Total hours that the course states, rounded to the nearest hour, but at least 1.
pub fn hours(row: &course::Model) -> Option<i32> {
    row.duration_hours.or_else(|| Some(((row.duration_minutes? + 30) / 60).max(1)))
}

/// Total hours of the course: as stated, but at least 1, otherwise weeks times hours per week, otherwise days times six. `None` if it
/// states none of them.
pub fn estimated_hours(row: &course::Model) -> Option<i32> {
    let a_week = || hours_per_week(row).unwrap_or_else(|| usual_hours_per_week(row));
    let from_weeks = || Some(f64::from(row.duration_weeks?) * a_week());
    let from_days = || Some(middle(row.duration_days_min, row.duration_days_max)? * HOURS_PER_DAY);
    let estimate = || from_weeks().or_else(from_days).map(|hours| hours.round() as i32);
    hours(row).or_else(estimate)
}

/// Total hours of the course for people: as stated, to two decimals, otherwise as estimated.
pub fn exact_hours(row: &course::Model) -> Option<Decimal> {
    let stated = row.duration_minutes.map(|minutes| (Decimal::from(minutes) / Decimal::from(60)).round_dp(2));
    stated.map(|hours| hours.normalize()).or_else(|| estimated_hours(row).map(Decimal::from))
}

/// Hours per week, using the middle of the stated range. `None` if not stated.
pub fn hours_per_week(row: &course::Model) -> Option<f64> {
    middle(row.hours_per_week_min, row.hours_per_week_max)
}

fn usual_hours_per_week(row: &course::Model) -> f64 {
    let full_time = row.schedules & mask(&[Schedule::FullTime]) != 0;
    if full_time { FULL_TIME_HOURS_PER_WEEK } else { PART_TIME_HOURS_PER_WEEK }
}

/// Middle of a range, or its only end if the other is open.
fn middle(min: Option<i32>, max: Option<i32>) -> Option<f64> {
    let (min, max) = (min.or(max)?, max.or(min)?);
    Some(f64::midpoint(min.into(), max.into()))
}
