//! What follows from the columns of a course: its price and its length in one measure. The API, the index and later
//! the matching all take them from here.

use entity::{PricePeriod, PricingCategory, Schedule, course, mask};
use iso_currency::Currency;

use crate::values::Money;

/// Hours a week of a full-time course that does not state them.
const FULL_TIME_HOURS: f64 = 40.0;
/// Hours a week of any other course that does not state them.
const OTHER_HOURS: f64 = 10.0;
/// Hours of a day of teaching.
const HOURS_A_DAY: f64 = 6.0;

/// What taking the course costs, once: nothing where it is free, `None` where it is not stated or a subscription.
pub fn price(row: &course::Model) -> Option<Money> {
    let stated = Money::stored(row.price, row.price_currency.as_deref());
    match (row.pricing_category, row.price_per) {
        // Nothing is nothing in every currency; a listing that names none gets the one that filters start from.
        (Some(PricingCategory::Free), _) => {
            Some(Money { minor: 0, currency: named_currency(row).unwrap_or(Currency::USD) })
        }
        (Some(PricingCategory::Subscription), _) | (_, Some(PricePeriod::Month | PricePeriod::Year)) => None,
        (Some(PricingCategory::PartiallyFree | PricingCategory::Paid) | None, Some(PricePeriod::Once) | None) => stated,
    }
}

/// The price in one currency: what is free is so in all of them.
pub fn price_in(row: &course::Model, currency: Currency) -> Option<Money> {
    price(row)
        .map(|price| if price.minor == 0 { Money { currency, ..price } } else { price })
        .filter(|it| it.currency == currency)
}

/// The prices of courses that name a currency: what is free does so only where nothing is paid.
pub fn prices<'a>(rows: impl Iterator<Item = &'a course::Model>) -> Vec<Money> {
    let mut prices: Vec<Money> = rows.filter_map(price).collect();
    if prices.iter().any(|price| price.minor > 0) {
        prices.retain(|price| price.minor > 0);
    }
    prices
}

/// The currency that a listing names for itself.
pub fn named_currency(row: &course::Model) -> Option<Currency> {
    Currency::from_code(row.price_currency.as_deref().or(row.certificate_price_currency.as_deref())?)
}

/// The hours that the course takes: as stated, else weeks by hours a week, else days of six hours; `None` where it
/// states none of them.
pub fn estimated_hours(row: &course::Model) -> Option<i32> {
    let a_week = || hours_per_week(row).unwrap_or_else(|| usual_hours_per_week(row));
    let from_weeks = || Some(f64::from(row.duration_weeks?) * a_week());
    let from_days = || Some(middle(row.duration_days_min, row.duration_days_max)? * HOURS_A_DAY);
    let estimate = || from_weeks().or_else(from_days).map(|hours| hours.round() as i32);
    row.duration_hours.or_else(estimate)
}

/// The hours that the course takes a week, the middle of the range that it states; `None` where it states none.
pub fn hours_per_week(row: &course::Model) -> Option<f64> {
    middle(row.hours_per_week_min, row.hours_per_week_max)
}

fn usual_hours_per_week(row: &course::Model) -> f64 {
    let full_time = row.schedules & mask(&[Schedule::FullTime]) != 0;
    if full_time { FULL_TIME_HOURS } else { OTHER_HOURS }
}

/// The middle of a range; of a range that is open on one side, its other end.
fn middle(min: Option<i32>, max: Option<i32>) -> Option<f64> {
    let (min, max) = (min.or(max)?, max.or(min)?);
    Some(f64::midpoint(min.into(), max.into()))
}
