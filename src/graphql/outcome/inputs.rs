//! Inputs of outcome reports as the schema shows them. `validation` checks their content.

use async_graphql::InputObject;

use crate::graphql::scalars::{CurrencyCode, Date, Decimal, WebAddress};
use crate::graphql::untyped_input::DeferredScalar;

/// Complete outcome report on the graduates of one period. Its counts must add up.
#[derive(InputObject)]
pub struct OutcomeReportInput {
    /// First day of the period in which the graduates finished.
    pub period_start: DeferredScalar<Date>,
    /// Last day of the period. Must be in the past and not before `periodStart`. A course has one report per period:
    /// another one is the user error DUPLICATE.
    pub period_end: DeferredScalar<Date>,
    /// Number of learners enrolled when a full refund was no longer available, 1 to 1,000,000.
    pub enrolled: i32,
    /// Number of them who graduated within the length of the course.
    pub graduated_on_time: i32,
    /// Number of them who graduated later, within one and a half times the length of the course. Together with
    /// `graduatedOnTime`, at most `enrolled`.
    pub graduated_late: i32,
    /// Employment of the graduates 90 days after graduating. Only allowed once 90 days have passed since `periodEnd`.
    pub after90_days: Option<EmploymentInput>,
    /// Employment of the graduates 180 days after graduating. Only allowed once 180 days have passed since `periodEnd`.
    /// Required if there are `salaries`.
    pub after180_days: Option<EmploymentInput>,
    /// Salaries of the graduates employed in the field after 180 days.
    pub salaries: Option<OutcomeSalariesInput>,
    /// Auditor of the report, at most 200 characters.
    pub auditor: Option<String>,
    /// Web page with the full report.
    pub url: Option<DeferredScalar<WebAddress>>,
}

/// Employment of the graduates a number of days after they graduated. Each graduate is counted once, so the counts must
/// add up to the number of graduates. Each count is 0 to 1,000,000.
#[derive(InputObject)]
pub struct EmploymentInput {
    /// Number of graduates in full-time employment in the field (CIRR 1A).
    #[graphql(default)]
    pub full_time: i32,
    /// Number of graduates in a full-time apprenticeship, internship or contract in the field (CIRR 1B).
    #[graphql(default)]
    pub apprenticeship: i32,
    /// Number of graduates hired in the field by the school itself (CIRR 1C).
    #[graphql(default)]
    pub hired_by_school: i32,
    /// Number of graduates with a company or venture of their own, started after graduation (CIRR 1D).
    #[graphql(default)]
    pub started_company: i32,
    /// Number of graduates in short-term, part-time or freelance work in the field, or in work of unknown duration
    /// (CIRR 1E).
    #[graphql(default)]
    pub short_term: i32,
    /// Number of graduates employed out of the field, including by the school (CIRR 2A and 2B).
    #[graphql(default)]
    pub out_of_field: i32,
    /// Number of graduates who continued their education.
    #[graphql(default)]
    pub continuing_education: i32,
    /// Number of graduates still seeking a job in the field (CIRR 3A).
    #[graphql(default)]
    pub seeking: i32,
    /// Number of graduates not seeking a job, including those who never intended to (CIRR 3B and excluded).
    #[graphql(default)]
    pub not_seeking: i32,
    /// Number of graduates who could not be reached (CIRR 4).
    #[graphql(default)]
    pub non_reporting: i32,
}

/// Salaries of the graduates employed in the field after 180 days: yearly base pay before taxes, without bonuses.
#[derive(InputObject)]
pub struct OutcomeSalariesInput {
    /// Currency of all amounts.
    pub currency: DeferredScalar<CurrencyCode>,
    /// Median salary. If there are `bands`, it must lie in the band that contains the middle salary.
    pub median: DeferredScalar<Decimal>,
    /// Number of graduates who stated their salary, 1 to 1,000,000. At most the number employed in the field after 180
    /// days.
    pub stated: i32,
    /// Salary bands from the lowest up, without overlaps. At most 50. Their counts must add up to `stated`.
    pub bands: Option<Vec<SalaryBandInput>>,
}

/// Number of graduates whose salary lies in a range.
#[derive(InputObject)]
pub struct SalaryBandInput {
    /// Lower end of the range, inclusive. Can only be left out in the first band, which then has no lower end.
    pub from: Option<DeferredScalar<Decimal>>,
    /// Upper end of the range, exclusive. Can only be left out in the last band, which then has no upper end.
    pub below: Option<DeferredScalar<Decimal>>,
    /// Number of graduates in the band, 0 to 1,000,000.
    pub count: i32,
}
