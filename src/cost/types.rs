//! Costs as the API shows them.

use async_graphql::{Context, Enum, SimpleObject};
use entity::{course, financing_plan};

use super::bill::{self, Bill, Fact};
use super::{break_even, price};
use crate::course::{Course, FinancingOf, FinancingPlan};
use crate::error::{AppError, Result};
use crate::form::value::money;
use crate::form::{Fields, Form};
use crate::graphql::context::InRequest;
use crate::graphql::loaders::Load;
use crate::graphql::scalars::Decimal;
use crate::graphql::shapes::Money;
use crate::statistic::Statistic;
use crate::values;

/// What one way to pay for a course comes to, as far as its listing lets one tell. A figure that needs a fact which nobody
/// states is null, and `missing` names the fact. Amounts are reckoned exactly and rounded once, a half to the even neighbour.
#[derive(SimpleObject)]
pub struct PlanCost {
    /// The plan; null for paying the price at once.
    pub plan: Option<FinancingPlan>,
    /// What is paid in all; null where a fact is missing, and beyond 2^63 of the currency's smallest coins.
    pub total: Option<Money>,
    /// In how many months it is paid, 0: at once; null where not stated.
    pub months: Option<i32>,
    /// What is paid each month; null where nothing is paid monthly, or a fact is missing.
    pub monthly_payment: Option<Money>,
    /// The effective yearly rate in percent, to two decimals. Of a stated rate: (1 + aprPercent / 1200)^12 - 1. Of an income
    /// share: the internal rate of return of its payments against the price, below 0 where less than the price is paid. Null
    /// for paying at once, where a fact is missing, and where it is beyond 100 % a month.
    pub effective_yearly_rate: Option<Decimal>,
    /// When it has paid for itself, once for each published figure on what courses of its kind add to a salary. Figures that
    /// contradict each other stand side by side, never averaged. Empty where the total or every such figure is missing.
    pub break_even: Vec<BreakEven>,
    /// Everything that was taken for granted, in sentences.
    pub assumptions: Vec<String>,
    /// The facts that were missing; empty where every figure could be given.
    pub missing: Vec<CostFact>,
}

/// When a course has paid for itself, according to one published figure.
#[derive(SimpleObject)]
pub struct BreakEven {
    /// After how many months of the higher salary its sum reaches the total, rounded up. Of a range the lower end is taken.
    pub months: i32,
    /// The figure: SALARY_INCREASE in the currency of the total, or, of a publisher who gives none,
    /// SALARY_INCREASE_PERCENT of the salary that was given.
    pub statistic: Statistic,
}

/// A fact that a figure on costs needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Fact")]
pub enum CostFact {
    /// What the course costs: Course.pricing.
    Price,
    /// How many weeks or days a subscription has to be paid for: Course.duration.
    Duration,
    /// FinancingPlan.aprPercent.
    AprPercent,
    /// FinancingPlan.months.
    Months,
    /// FinancingPlan.incomePercent.
    IncomePercent,
    /// FinancingPlan.incomeFloor in the currency of the salary: it is stated in another.
    IncomeFloor,
    /// FinancingPlan.cap in the currency of the salary: it is stated in another.
    Cap,
    /// The argument `salary`, in the currency of the price.
    Salary,
    /// How much the scholarship or the employer pays, for which listings have no field.
    Grant,
    /// A published figure on what courses of this kind add to a salary, in the currency of the total or in percent.
    SalaryIncrease,
}

/// What each way to pay for a course comes to, for somebody of this salary.
pub(super) async fn costs(ctx: &Context<'_>, course: &Course, salary: Option<&Fields>) -> Result<Vec<PlanCost>> {
    let salary = salary.map(read).transpose()?;
    let plans = ctx.load(FinancingOf(course.0.id)).await?.unwrap_or_default();
    let at_once = price::is_stated(&course.0).then(|| (None, price::at_once(&course.0)));
    let of_plan = |plan: financing_plan::Model| {
        let bill = bill::of_plan(&course.0, &plan, salary);
        (Some(plan), bill)
    };
    let bills = at_once.into_iter().chain(plans.into_iter().map(of_plan));
    Ok(bills.map(|bill| PlanCost::of(ctx, &course.0, salary, bill)).collect())
}

fn read(fields: &Fields) -> Result<values::Money> {
    let (salary, faults) = Form::read_at(fields, vec!["salary".to_owned()], money);
    let refused = faults.into_iter().next().map(|fault| AppError::input(fault.path.join("."), fault.rule));
    salary.ok_or_else(|| refused.unwrap_or_else(|| AppError::input("salary", "must be an amount of money")))
}

impl PlanCost {
    fn of(
        ctx: &Context<'_>,
        row: &course::Model,
        salary: Option<values::Money>,
        (plan, mut bill): (Option<financing_plan::Model>, Bill),
    ) -> Self {
        let times = break_even::times(&ctx.dictionary().statistics, row, salary, &mut bill).into_iter();
        Self {
            plan: plan.map(FinancingPlan::from),
            total: bill.total.map(Money),
            months: bill.months,
            monthly_payment: bill.monthly.map(Money),
            effective_yearly_rate: bill.rate.map(Decimal),
            break_even: times.map(|(months, figure)| BreakEven { months, statistic: Statistic(figure) }).collect(),
            assumptions: bill.assumptions,
            missing: bill.missing.into_iter().map(CostFact::from).collect(),
        }
    }
}
