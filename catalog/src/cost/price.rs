//! Computes the cost without financing: the price, or all payments of a subscription.

use entity::{PricePeriod, PricingCategory, course};

use super::bill::{Bill, Fact};
use crate::course::derived;
use crate::values::Money;

/// Computes the cost of paying at once, with its assumptions and missing facts.
pub fn at_once(row: &course::Model) -> Bill {
    let stated = Money::stored(row.price, row.price_currency.as_deref());
    let mut bill = match (derived::price(row), stated, row.price_per) {
        (Some(price), _, _) => once(price),
        (None, Some(price), Some(PricePeriod::Month)) => monthly(row, price),
        (None, Some(price), Some(PricePeriod::Year)) => yearly(row, price),
        (None, _, _) => Bill::without(Fact::Price),
    };
    if let Some(certificate) = Money::stored(row.certificate_price, row.certificate_price_currency.as_deref()) {
        bill.assume(format!("The certificate is left out; it costs {certificate} on top."));
    }
    bill
}

/// Whether the listing states any price.
pub fn is_stated(row: &course::Model) -> bool {
    row.price.is_some() || row.pricing_category == Some(PricingCategory::Free)
}

fn once(price: Money) -> Bill {
    let mut bill = Bill { total: Some(price), months: Some(0), ..Bill::default() };
    bill.assume(format!("The price is the course's own, {price}; a single offering may state another."));
    bill
}

fn monthly(row: &course::Model, price: Money) -> Bill {
    let mut bill = match weeks(row) {
        None => Bill::without(Fact::Duration),
        Some(weeks) => {
            let months = (weeks * 12 + 51) / 52;
            let mut bill = Bill { total: times(price, months), months: Some(months), ..Bill::default() };
            bill.assume(format!(
                "{price} are paid for every month begun: {weeks} weeks are {months} months of 52 / 12."
            ));
            bill
        }
    };
    bill.monthly = Some(price);
    bill
}

fn yearly(row: &course::Model, price: Money) -> Bill {
    let Some(weeks) = weeks(row) else { return Bill::without(Fact::Duration) };
    let years = (weeks + 51) / 52;
    let mut bill = Bill { total: times(price, years), months: Some(years * 12), ..Bill::default() };
    bill.assume(format!("{price} are paid for every year begun: {weeks} weeks are {years} years of 52."));
    bill
}

/// Length of the course in weeks: as stated, otherwise computed from its days, seven a week. Hours are not enough,
/// because nobody knows how many hours a week a learner spends.
fn weeks(row: &course::Model) -> Option<i32> {
    let days = row.duration_days_max.or(row.duration_days_min);
    row.duration_weeks.or_else(|| days.map(|days| (days + 6) / 7))
}

fn times(price: Money, count: i32) -> Option<Money> {
    Some(Money { minor: price.minor.checked_mul(count.into())?, ..price })
}
