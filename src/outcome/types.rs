//! Outcome reports as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{outcome_report, outcome_salary_band};

use super::employment::Employment;
use super::figures::{RANKED_FROM, graduates, percent};
use super::loader::{BandsOf, EmploymentOf, ReportId};
use crate::course::Course;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{Date, DateTime, Decimal, WebAddress};
use crate::graphql::shapes::Money;

/// What became of those who took a course, as its provider reports it of the graduates of one period, in the shape of the
/// standard of the Council on Integrity in Results Reporting (CIRR, <https://cirr.org/standards>).
#[derive(Clone)]
pub struct OutcomeReport(pub Arc<outcome_report::Model>);

impl OutcomeReport {
    /// The report of this row, where the one who asks may see it.
    pub async fn load(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load(ReportId(id)).await? else { return Ok(None) };
        let course = Course::load(ctx, row.course_id).await?;
        let is_seen = |course: &Course| row.withdrawn_at.is_none() || ctx.caller().sees_inside(course.0.provider_id);
        Ok(course.filter(is_seen).map(|_| OutcomeReport(row)))
    }

    async fn after(&self, ctx: &Context<'_>, days: i32) -> Result<Option<Employment>> {
        let rows = ctx.load(EmploymentOf(self.0.id)).await?.unwrap_or_default();
        let row = rows.into_iter().find(|row| row.days == days);
        Ok(row.map(|row| Employment::of(&row, graduates(&self.0))))
    }
}

/// What became of those who took a course, as its provider reports it of the graduates of one period, in the shape of the
/// standard of the Council on Integrity in Results Reporting (CIRR, https://cirr.org/standards).
#[Object]
impl OutcomeReport {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::OutcomeReport, self.0.id)
    }

    /// The course.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        course.ok_or_else(|| AppError::internal("a report whose course cannot be seen"))
    }

    /// The first day of the period in which its graduates finished.
    async fn period_start(&self) -> Date {
        Date(self.0.period_start)
    }

    /// The last day of that period.
    async fn period_end(&self) -> Date {
        Date(self.0.period_end)
    }

    /// Who was enrolled when a full refund was no longer to be had.
    async fn enrolled(&self) -> i32 {
        self.0.enrolled
    }

    /// How many of them graduated within the length of the course (100 %).
    async fn graduated_on_time(&self) -> i32 {
        self.0.graduated_on_time
    }

    /// How many graduated later, within one and a half times its length (150 %).
    async fn graduated_late(&self) -> i32 {
        self.0.graduated_late
    }

    /// graduatedOnTime in percent of enrolled, to two decimals.
    async fn graduation_rate100(&self) -> Option<Decimal> {
        percent(self.0.graduated_on_time, self.0.enrolled).map(Decimal)
    }

    /// graduatedOnTime and graduatedLate together in percent of enrolled, to two decimals.
    async fn graduation_rate150(&self) -> Option<Decimal> {
        percent(graduates(&self.0), self.0.enrolled).map(Decimal)
    }

    /// What the graduates did 90 days after graduating; null where not reported.
    async fn after90_days(&self, ctx: &Context<'_>) -> Option<Result<Employment>> {
        self.after(ctx, 90).await.transpose()
    }

    /// What the graduates did 180 days after graduating; null where not reported.
    async fn after180_days(&self, ctx: &Context<'_>) -> Option<Result<Employment>> {
        self.after(ctx, 180).await.transpose()
    }

    /// What those employed in the field after 180 days earn; null where not reported.
    async fn salaries(&self, ctx: &Context<'_>) -> Option<Result<OutcomeSalaries>> {
        let median = Money::stored(self.0.salary_median, self.0.salary_currency.as_deref())?;
        let bands = ctx.load(BandsOf(self.0.id)).await.map(Option::unwrap_or_default);
        let band = |row| SalaryBand::of(row, self.0.salary_currency.as_deref());
        Some(bands.map(|rows| OutcomeSalaries {
            median,
            stated: self.0.salaries_stated.unwrap_or_default(),
            bands: rows.into_iter().map(band).collect(),
        }))
    }

    /// Whether courses are ranked by it, as the order EMPLOYMENT does by the latest such report of each: not with fewer than
    /// ten graduates, without figures after 180 days, or once withdrawn.
    async fn ranked(&self, ctx: &Context<'_>) -> Result<bool> {
        let enough = graduates(&self.0) >= RANKED_FROM && self.0.withdrawn_at.is_none();
        Ok(enough && self.after(ctx, 180).await?.is_some())
    }

    /// Who has audited it; null where nobody is named.
    async fn auditor(&self) -> Option<&str> {
        self.0.auditor.as_deref()
    }

    /// Where it is published in full; null where not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// When it was published here.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// When it was withdrawn; null where it was not. Only the provider's members and staff see a withdrawn report.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// Why it was withdrawn; null where it was not.
    async fn withdrawn_because(&self) -> Option<&str> {
        self.0.withdrawn_because.as_deref()
    }

    /// Raised with every change of the report, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What graduates earn: base pay of a year before taxes, without bonuses, of those employed in the field after 180 days.
#[derive(SimpleObject)]
pub struct OutcomeSalaries {
    /// The median.
    pub median: Money,
    /// How many stated their salary.
    pub stated: i32,
    /// How many of them earn how much, from the lowest up; empty where not reported.
    pub bands: Vec<SalaryBand>,
}

/// How many earn from one amount to another.
#[derive(SimpleObject)]
pub struct SalaryBand {
    /// The least; null: open downwards.
    pub from: Option<Money>,
    /// What they earn less than; null: open upwards.
    pub below: Option<Money>,
    /// How many.
    pub count: i32,
}

impl SalaryBand {
    fn of(row: outcome_salary_band::Model, currency: Option<&str>) -> Self {
        let amount = |minor| Money::stored(minor, currency);
        Self { from: amount(row.least), below: amount(row.below), count: row.count }
    }
}
