//! Outcome reports as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use catalog::error::AppError;
use catalog::outcome::figures::{MIN_RANKED_GRADUATES, employed_in_field, graduates, percent};
use entity::{outcome_employment, outcome_report, outcome_salary_band};
use search::paging::page::PageArguments;

use super::loader::{BandsOf, EmploymentOf};
use super::pages::of_course;
use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::enums::RecordOrigin;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{Date, DateTime, Decimal, WebAddress};
use crate::graphql::shapes::Money;

/// Results of the graduates of a course in one period, as published by its provider or another site. Follows the
/// standard of the Council on Integrity in Results Reporting (CIRR, <https://cirr.org/standards>).
#[derive(Clone)]
pub struct OutcomeReport(pub Arc<outcome_report::Model>);

impl Listed for OutcomeReport {
    const NAME: &'static str = "OutcomeReport";
}

impl OutcomeReport {
    /// Returns the report of this row if the caller may see it.
    pub async fn load(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load_row::<outcome_report::Entity>(id).await? else { return Ok(None) };
        let course = Course::load(ctx, row.course_id).await?;
        let is_seen =
            |course: &Course| row.withdrawn_at.is_none() || ctx.caller().can_see_private(course.0.provider_id);
        Ok(course.filter(is_seen).map(|_| OutcomeReport(row)))
    }

    async fn after(&self, ctx: &Context<'_>, days: i32) -> Result<Option<Employment>> {
        let rows = ctx.load(EmploymentOf(self.0.id)).await?.unwrap_or_default();
        let row = rows.into_iter().find(|row| row.days == days);
        Ok(row.map(|row| Employment::of(&row, graduates(&self.0))))
    }
}

/// Results of the graduates of a course in one period, as published by its provider or another site. Follows the
/// standard of the Council on Integrity in Results Reporting (CIRR, https://cirr.org/standards).
#[Object]
impl OutcomeReport {
    /// Global ID of the report.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::OutcomeReport, self.0.id)
    }

    /// Course that the report is about.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        Ok(course.ok_or_else(|| AppError::internal("a report whose course cannot be seen"))?)
    }

    /// First day of the period in which the graduates finished.
    async fn period_start(&self) -> Date {
        Date(self.0.period_start)
    }

    /// Last day of the period in which the graduates finished.
    async fn period_end(&self) -> Date {
        Date(self.0.period_end)
    }

    /// Number of learners enrolled when a full refund was no longer available.
    async fn enrolled(&self) -> i32 {
        self.0.enrolled
    }

    /// Number of them who graduated within the length of the course (100 %).
    async fn graduated_on_time(&self) -> i32 {
        self.0.graduated_on_time
    }

    /// Number of them who graduated later, within one and a half times the length of the course (150 %).
    async fn graduated_late(&self) -> i32 {
        self.0.graduated_late
    }

    /// `graduatedOnTime` in percent of `enrolled`, rounded to two decimals.
    async fn graduation_rate100(&self) -> Option<Decimal> {
        percent(self.0.graduated_on_time, self.0.enrolled).map(Decimal)
    }

    /// Sum of `graduatedOnTime` and `graduatedLate` in percent of `enrolled`, rounded to two decimals.
    async fn graduation_rate150(&self) -> Option<Decimal> {
        percent(graduates(&self.0), self.0.enrolled).map(Decimal)
    }

    /// Employment of the graduates 90 days after graduating. Null if not reported.
    async fn after90_days(&self, ctx: &Context<'_>) -> Option<Result<Employment>> {
        self.after(ctx, 90).await.transpose()
    }

    /// Employment of the graduates 180 days after graduating. Null if not reported.
    async fn after180_days(&self, ctx: &Context<'_>) -> Option<Result<Employment>> {
        self.after(ctx, 180).await.transpose()
    }

    /// Salaries of the graduates employed in the field after 180 days. Null if not reported.
    async fn salaries(&self, ctx: &Context<'_>) -> Option<Result<OutcomeSalaries>> {
        let amount = |minor| Money::stored(minor, self.0.salary_currency.as_deref());
        let median = amount(self.0.salary_median)?;
        let bands = ctx.load(BandsOf(self.0.id)).await.map(Option::unwrap_or_default).map_err(Into::into);
        let band = |row: outcome_salary_band::Model| SalaryBand {
            from: amount(row.least),
            below: amount(row.below),
            count: row.count,
        };
        Some(bands.map(|rows| OutcomeSalaries {
            median,
            stated: self.0.salaries_stated.unwrap_or_default(),
            bands: rows.into_iter().map(band).collect(),
        }))
    }

    /// Whether the report can rank its course in the order EMPLOYMENT, which uses the latest such report of each
    /// course. False if it has fewer than ten graduates, has no figures after 180 days, or is withdrawn or imported.
    async fn ranked(&self, ctx: &Context<'_>) -> Result<bool> {
        let enough = graduates(&self.0) >= MIN_RANKED_GRADUATES;
        let is_own = self.0.withdrawn_at.is_none() && self.0.source_key.is_none();
        Ok(enough && is_own && self.after(ctx, 180).await?.is_some())
    }

    /// Site that staff imported the report from. Null if the provider published it here. An imported report ranks no
    /// course.
    async fn source(&self) -> Option<OutcomeSource> {
        let (name, url) = (self.0.source_name.clone()?, self.0.source_url.clone()?);
        Some(OutcomeSource { name, url: WebAddress(url), external_key: self.0.source_key.clone()? })
    }

    /// Auditor of the report. Null if none is named.
    async fn auditor(&self) -> Option<&str> {
        self.0.auditor.as_deref()
    }

    /// Web page with the full report. Null if not stated.
    async fn url(&self) -> Option<WebAddress> {
        self.0.url.clone().map(WebAddress)
    }

    /// Time when the report was published here.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// Time when the report was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Time when the report was withdrawn. Null if it was not. Only the provider's members, its service tokens and
    /// staff see a withdrawn report.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// Reason for which the report was withdrawn. Null if it was not.
    async fn withdrawn_because(&self) -> Option<&str> {
        self.0.withdrawn_because.as_deref()
    }

    /// Version of the report, starting at 1 and incremented by every change. Pass it as `expectedVersion` when you
    /// update or withdraw it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Outcome reports of a course.
#[derive(Description)]
pub struct CourseOutcomes(pub Course);

#[Object(use_type_description)]
impl CourseOutcomes {
    /// Outcome reports on the course, latest period first. Includes withdrawn reports for the provider's members, its
    /// service tokens and staff only.
    async fn outcome_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where the reports come from. If left out, only those that the provider published here.")]
        origin: Option<Vec<RecordOrigin>>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OutcomeReport>> {
        Ok(of_course(ctx, &self.0, origin.as_deref(), PageArguments::forward(first, after)).await?.into())
    }
}

/// Site that an outcome report was imported from.
#[derive(SimpleObject)]
pub struct OutcomeSource {
    /// Name of the site.
    name: String,
    /// Address of the original, or of the site.
    url: WebAddress,
    /// Key of the original at the site.
    external_key: String,
}

/// Employment of the graduates a number of days after they graduated. Each graduate is counted once.
#[derive(SimpleObject)]
#[graphql(name = "EmploymentOutcome")]
pub struct Employment {
    /// Number of graduates in full-time employment in the field (CIRR 1A).
    pub full_time: i32,
    /// Number of graduates in a full-time apprenticeship, internship or contract in the field (CIRR 1B).
    pub apprenticeship: i32,
    /// Number of graduates hired in the field by the school itself (CIRR 1C).
    pub hired_by_school: i32,
    /// Number of graduates with a company or venture of their own, started after graduation (CIRR 1D).
    pub started_company: i32,
    /// Number of graduates in short-term, part-time or freelance work in the field, or in work of unknown duration
    /// (CIRR 1E).
    pub short_term: i32,
    /// Number of graduates employed out of the field, including by the school (CIRR 2A and 2B).
    pub out_of_field: i32,
    /// Number of graduates who continued their education.
    pub continuing_education: i32,
    /// Number of graduates still seeking a job in the field (CIRR 3A).
    pub seeking: i32,
    /// Number of graduates not seeking a job, including those who never intended to (CIRR 3B and excluded).
    pub not_seeking: i32,
    /// Number of graduates who could not be reached (CIRR 4).
    pub non_reporting: i32,
    /// Number of graduates employed in the field: the sum of `fullTime`, `apprenticeship`, `hiredBySchool`,
    /// `startedCompany` and `shortTerm`.
    pub employed_in_field: i32,
    /// `employedInField` in percent of all graduates, rounded to two decimals. Null if there are no graduates. Unlike
    /// CIRR, which excludes graduates who did not intend to look for a job in the field, this counts all graduates, so
    /// that leaving people out cannot raise the rate.
    pub employment_rate: Option<Decimal>,
    /// Graduates who could be reached, in percent of all graduates, rounded to two decimals. Null if there are no
    /// graduates.
    pub response_rate: Option<Decimal>,
}

impl Employment {
    /// Converts a row of a report with this many graduates.
    fn of(row: &outcome_employment::Model, graduates: i32) -> Self {
        let of_graduates = |part| percent(part, graduates).map(Decimal);
        Self {
            full_time: row.full_time,
            apprenticeship: row.apprenticeship,
            hired_by_school: row.hired_by_school,
            started_company: row.started_company,
            short_term: row.short_term,
            out_of_field: row.out_of_field,
            continuing_education: row.continuing_education,
            seeking: row.seeking,
            not_seeking: row.not_seeking,
            non_reporting: row.non_reporting,
            employed_in_field: employed_in_field(row),
            employment_rate: of_graduates(employed_in_field(row)),
            response_rate: of_graduates(graduates - row.non_reporting),
        }
    }
}

/// Salaries of the graduates employed in the field after 180 days: yearly base pay before taxes, without bonuses.
#[derive(SimpleObject)]
pub struct OutcomeSalaries {
    /// Median salary.
    pub median: Money,
    /// Number of graduates who stated their salary.
    pub stated: i32,
    /// Salary bands from the lowest up. Empty if not reported.
    pub bands: Vec<SalaryBand>,
}

/// Number of graduates whose salary lies in a range.
#[derive(SimpleObject)]
pub struct SalaryBand {
    /// Lower end of the range, inclusive. Null if there is none.
    pub from: Option<Money>,
    /// Upper end of the range, exclusive. Null if there is none.
    pub below: Option<Money>,
    /// Number of graduates in the band.
    pub count: i32,
}
