//! Computes what one way to pay costs. Presentation and break-even times do not belong here.

use entity::{FinancingKind, course, financing_plan};
use rust_decimal::Decimal;

use super::arithmetic::{annuity, effective_yearly, grown, monthly_rate};
use super::{income, price};
use crate::values::{Money, from_e4};

/// A fact that a figure depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "members are described in the schema")]
pub enum Fact {
    Price,
    Duration,
    AprPercent,
    Months,
    IncomePercent,
    IncomeFloor,
    Cap,
    Salary,
    Grant,
    SalaryIncrease,
}

/// Cost of one way to pay.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// Total amount to pay.
    pub total: Option<Money>,
    /// Number of months over which it is paid.
    pub months: Option<i32>,
    /// Monthly payment.
    pub monthly: Option<Money>,
    /// Effective yearly rate in percent.
    pub rate: Option<Decimal>,
    /// Assumptions, in sentences.
    pub assumptions: Vec<String>,
    /// Missing facts.
    pub missing: Vec<Fact>,
}

impl Bill {
    /// A bill that cannot be computed because a fact is missing.
    pub fn without(fact: Fact) -> Self {
        Self { missing: vec![fact], ..Self::default() }
    }

    /// Records an assumption.
    pub fn assume(&mut self, sentence: impl Into<String>) {
        self.assumptions.push(sentence.into());
    }

    /// Records a missing fact.
    pub fn lack(&mut self, fact: Fact) {
        if !self.missing.contains(&fact) {
            self.missing.push(fact);
        }
    }

    /// Returns a fact, and records it as missing if it is not stated.
    pub fn need<T>(&mut self, fact: Fact, stated: Option<T>) -> Option<T> {
        if stated.is_none() {
            self.lack(fact);
        }
        stated
    }
}

/// Computes the cost of a financing plan of a course, for a learner with this salary.
pub fn of_plan(row: &course::Model, plan: &financing_plan::Model, salary: Option<Money>) -> Bill {
    let at_once = price::at_once(row);
    let price = at_once.total;
    let Bill { assumptions, missing, .. } = at_once.clone();
    let open = Bill { assumptions, missing, ..Bill::default() };
    match plan.kind {
        FinancingKind::Upfront => upfront(at_once),
        FinancingKind::Installments => credit(open, price, plan, Some(plan.apr_percent_e4.unwrap_or_default())),
        FinancingKind::Loan => credit(open, price, plan, plan.apr_percent_e4),
        FinancingKind::Deferred => deferred(open, price, plan),
        FinancingKind::IncomeShare => income::share(open, price, plan, salary),
        FinancingKind::Scholarship | FinancingKind::Employer => {
            let mut bill = open;
            bill.lack(Fact::Grant);
            bill
        }
    }
}

fn upfront(mut bill: Bill) -> Bill {
    bill.assume("No discount for paying at once is known: none is taken off.");
    bill
}

/// Equal payments at the end of each month.
fn credit(mut bill: Bill, price: Option<Money>, plan: &financing_plan::Model, apr_e4: Option<i64>) -> Bill {
    let rate = bill.need(Fact::AprPercent, apr_e4).map(|apr_e4| bill.charge(plan, apr_e4));
    bill.months = bill.need(Fact::Months, plan.months);
    if let Some(months) = bill.months {
        bill.assume(format!(
            "The same is paid at the end of each of {months} months; the last payment takes up what rounding leaves."
        ));
    }
    let (Some(rate), Some(price)) = (rate, price) else { return bill };
    let each = bill.months.and_then(|months| annuity(price.minor.into(), rate, months.unsigned_abs()));
    let all = each.zip(bill.months).and_then(|(each, months)| each.checked_mul(months.into()));
    bill.monthly = each.and_then(|each| rounded(each, price));
    // Without interest the total is the price, whatever the number of months.
    bill.total = if rate.is_zero() { Some(price) } else { all.and_then(|all| rounded(all, price)) };
    bill
}

/// A single deferred payment of the whole price.
fn deferred(mut bill: Bill, price: Option<Money>, plan: &financing_plan::Model) -> Bill {
    let rate = bill.charge(plan, plan.apr_percent_e4.unwrap_or_default());
    bill.months = bill.need(Fact::Months, plan.months);
    if let Some(months) = bill.months {
        bill.assume(format!("All of it is paid in one sum after {months} months."));
    }
    let Some(price) = price else { return bill };
    let all = bill.months.and_then(|months| grown(price.minor.into(), rate, months.unsigned_abs()));
    bill.total = if rate.is_zero() { Some(price) } else { all.and_then(|all| rounded(all, price)) };
    bill
}

impl Bill {
    /// Records the rate of a plan, and returns it as a monthly rate.
    fn charge(&mut self, plan: &financing_plan::Model, apr_e4: i64) -> Decimal {
        let apr = from_e4(apr_e4);
        let monthly = monthly_rate(apr);
        self.rate = effective_yearly(monthly);
        if plan.apr_percent_e4.is_none() {
            self.assume("No yearly rate is stated: no interest is charged.");
        } else if !apr.is_zero() {
            self.assume(format!(
                "{apr} % is a nominal yearly rate of which a twelfth is charged each month, so that the effective one is \
                 (1 + {apr} / 1200)^12 - 1."
            ));
        }
        monthly
    }
}

/// Rounds an amount in minor units, half to even. `None` if it is out of range.
pub fn rounded(minor: Decimal, like: Money) -> Option<Money> {
    Some(Money { minor: i64::try_from(minor.round_dp(0)).ok()?, ..like })
}
