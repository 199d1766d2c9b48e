//! Computes the cost of an income share agreement.

use entity::financing_plan;
use rust_decimal::Decimal;

use super::arithmetic::Payments;
use super::bill::{Bill, Fact, rounded};
use crate::values::{Money, from_e4};

/// Computes a monthly share of a salary, unless it is below the floor, until the cap is reached.
pub fn share(mut bill: Bill, price: Option<Money>, plan: &financing_plan::Model, salary: Option<Money>) -> Bill {
    let in_currency = salary.filter(|salary| price.is_none_or(|price| price.currency == salary.currency));
    let salary = bill.need(Fact::Salary, in_currency);
    let percent = bill.need(Fact::IncomePercent, plan.income_percent_e4).map(from_e4);
    let months = bill.need(Fact::Months, plan.months);
    let (Some(salary), Some(percent), Some(months)) = (salary, percent, months) else { return bill };
    let floor = Money::stored(plan.income_floor, plan.income_floor_currency.as_deref());
    let cap = Money::stored(plan.cap, plan.cap_currency.as_deref());
    let is_foreign = |bound: Option<Money>| bound.is_some_and(|bound| bound.currency != salary.currency);
    if is_foreign(floor) {
        bill.lack(Fact::IncomeFloor);
    }
    if is_foreign(cap) {
        bill.lack(Fact::Cap);
    }
    if is_foreign(floor) || is_foreign(cap) {
        return bill;
    }
    bill.assume(format!(
        "{percent} % of a salary of {salary} a year are paid each month; it stays the same throughout."
    ));
    let pays = bill.above(floor, salary);
    bill.assume(match cap {
        None => "No cap is stated.".to_owned(),
        Some(cap) => format!("Payment ends when {cap} are paid."),
    });
    let yearly = if pays { Decimal::from(salary.minor).checked_mul(percent) } else { Some(Decimal::ZERO) };
    let Some(yearly) = yearly else { return bill };
    let cap = cap.map(|cap| Decimal::from(cap.minor));
    bill.paid(&Payments::capped(yearly / Decimal::from(1_200), months.unsigned_abs(), cap), price, salary)
}

impl Bill {
    /// Whether a salary reaches the floor. Records the assumption.
    fn above(&mut self, floor: Option<Money>, salary: Money) -> bool {
        let pays = floor.is_none_or(|floor| salary.minor >= floor.minor);
        self.assume(match floor {
            None => "No income is stated below which nothing is paid.".to_owned(),
            Some(floor) if pays => format!("Below {floor} a year nothing would be paid."),
            Some(floor) => format!("Below {floor} a year nothing is paid."),
        });
        pays
    }

    /// Fills in the payments, and the rate of a loan of the price with the same payments.
    fn paid(mut self, payments: &Payments, price: Option<Money>, salary: Money) -> Self {
        self.total = payments.total().and_then(|total| rounded(total, salary));
        self.monthly = rounded(payments.each, salary);
        self.months = i32::try_from(payments.duration()).ok();
        self.rate = price.and_then(|price| payments.rate_of_return(price.minor.into()));
        if self.rate.is_some() {
            self.assume("The rate is that of a loan of the price with the same payments.");
        }
        self
    }
}
