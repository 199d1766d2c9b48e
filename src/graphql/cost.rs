//! The true cost of a course, as the API shows it.

use async_graphql::{Context, Enum, Object, SimpleObject};
use catalog::cost::bill::{Bill, Fact};
use catalog::cost::{bill, break_even, price};
use catalog::error::AppError;
use catalog::input::value::money;
use catalog::input::{Fields, InputReader};
use catalog::values;
use entity::{course, financing_plan};

use crate::graphql::context::ContextExt;
use crate::graphql::course::{Course, FinancingOf, FinancingPlan};
use crate::graphql::error::Result;
use crate::graphql::inputs::MoneyInput;
use crate::graphql::loaders::Load;
use crate::graphql::scalars::Decimal;
use crate::graphql::shapes::Money;
use crate::graphql::statistic::Statistic;
use crate::graphql::untyped_input::UntypedInput;

/// Cost fields of a course.
pub struct CourseCosts(pub Course);

#[Object]
impl CourseCosts {
    /// Total cost of each way to pay: first paying at once, if a price is stated, then the plans of `financing` in
    /// their order.
    async fn costs(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Yearly salary before tax, used for income shares and for raises in percent. Without it, the \
                    figures that depend on it are null."
        )]
        salary: Option<UntypedInput<MoneyInput>>,
    ) -> Result<Vec<PlanCost>> {
        let salary = salary.map(|salary| read(&salary.fields)).transpose()?;
        let course = &*self.0.0;
        let plans = ctx.load(FinancingOf(course.id)).await?.unwrap_or_default();
        let at_once = price::is_stated(course).then(|| (None, price::at_once(course)));
        let of_plan = |plan: financing_plan::Model| {
            let bill = bill::of_plan(course, &plan, salary);
            (Some(plan), bill)
        };
        let bills = at_once.into_iter().chain(plans.into_iter().map(of_plan));
        Ok(bills.map(|bill| PlanCost::of(ctx, course, salary, bill)).collect())
    }
}

/// Cost of one way to pay for a course, as far as it can be computed from the listing. A figure is null if a fact that
/// it needs is not stated; `missing` then names the fact. Amounts are computed exactly and rounded once, half to even.
#[derive(SimpleObject)]
pub struct PlanCost {
    /// The financing plan. Null for paying at once.
    pub plan: Option<FinancingPlan>,
    /// Total amount to pay. Null if a fact is missing, or if it exceeds 2^63 of the smallest currency unit.
    pub total: Option<Money>,
    /// Number of months over which it is paid; 0 means at once. Null if a fact is missing.
    pub months: Option<i32>,
    /// Monthly payment. Null if there are no monthly payments, or if a fact is missing.
    pub monthly_payment: Option<Money>,
    /// Effective yearly rate in percent, rounded to two decimals. For a stated rate: `(1 + aprPercent / 1200)^12 - 1`.
    /// For an income share: the internal rate of return of the payments against the price, below 0 if less than the
    /// price is paid. Null for paying at once, if a fact is missing, or if it lies outside -50 % to 100 % a month.
    pub effective_yearly_rate: Option<Decimal>,
    /// Break-even times, one for each published figure about the raise that courses of this kind bring. Contradictory
    /// figures are listed side by side and never averaged. Empty if the total is null, or if there is no usable figure.
    pub break_even: Vec<BreakEven>,
    /// Assumptions behind the figures, as sentences to show to people.
    pub assumptions: Vec<String>,
    /// Facts that are missing. Empty if every figure could be computed.
    pub missing: Vec<CostFact>,
}

/// Time after which a course has paid for itself, according to one published figure.
#[derive(SimpleObject)]
pub struct BreakEven {
    /// Number of months of the higher salary that add up to the total, rounded up. Uses the lower end if the figure is
    /// a range.
    pub months: i32,
    /// Published figure: SALARY_INCREASE in the currency of the total. If its publisher gives none,
    /// SALARY_INCREASE_PERCENT, applied to the given salary.
    pub statistic: Statistic,
}

/// A fact that a cost figure depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Fact")]
pub enum CostFact {
    /// Price of the course: `Course.pricing`.
    Price,
    /// Length in weeks or days, for the cost of a subscription: `Course.duration`.
    Duration,
    /// Interest rate: `FinancingPlan.aprPercent`.
    AprPercent,
    /// Number of months: `FinancingPlan.months`.
    Months,
    /// Share of income: `FinancingPlan.incomePercent`.
    IncomePercent,
    /// Income floor in the currency of the salary: `FinancingPlan.incomeFloor` is stated in another currency.
    IncomeFloor,
    /// Cap in the currency of the salary: `FinancingPlan.cap` is stated in another currency.
    Cap,
    /// The argument `salary`, in the currency of the price.
    Salary,
    /// Amount that the scholarship or the employer pays. Listings have no field for it.
    Grant,
    /// Published figure about the raise that courses of this kind bring, in the currency of the total or in percent.
    SalaryIncrease,
}

fn read(fields: &Fields) -> Result<values::Money, AppError> {
    let (salary, errors) = InputReader::read_at(fields, vec!["salary".to_owned()], money);
    let refused = errors.into_iter().next().map(|error| AppError::input(error.path.join("."), error.rule));
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
