//! How reports come in. They give the schema its form; what they say is read by the drafts.

use async_graphql::InputObject;

use crate::graphql::raw::Unread;
use crate::graphql::scalars::{CurrencyCode, Date, Decimal, WebAddress};

/// The results of a cohort, whole. Its parts must add up.
#[derive(InputObject)]
pub struct OutcomeReportInput {
    /// The first day of the period in which its graduates finished.
    pub period_start: Unread<Date>,
    /// The last day of it, in the past. There is one report a course and period.
    pub period_end: Unread<Date>,
    /// Who was enrolled when a full refund was no longer to be had, 1 to 1,000,000.
    pub enrolled: i32,
    /// How many of them graduated within the length of the course.
    pub graduated_on_time: i32,
    /// How many graduated later, within one and a half times its length.
    pub graduated_late: i32,
    /// What the graduates did 90 days after graduating; only where 90 days have passed since periodEnd.
    pub after90_days: Option<EmploymentInput>,
    /// What the graduates did 180 days after graduating; only where 180 days have passed since periodEnd.
    pub after180_days: Option<EmploymentInput>,
    /// What those employed in the field after 180 days earn.
    pub salaries: Option<OutcomeSalariesInput>,
    /// Who has audited the report, at most 200 characters.
    pub auditor: Option<String>,
    /// Where it is published in full.
    pub url: Option<Unread<WebAddress>>,
}

/// What graduates did so many days after graduating. Each graduate counts once, so that all of them together are the
/// graduates.
#[derive(InputObject)]
pub struct EmploymentInput {
    /// Full-time employees in the field (CIRR 1A).
    #[graphql(default)]
    pub full_time: i32,
    /// In a full-time apprenticeship, internship or contract in the field (CIRR 1B).
    #[graphql(default)]
    pub apprenticeship: i32,
    /// Hired in the field by the school itself (CIRR 1C).
    #[graphql(default)]
    pub hired_by_school: i32,
    /// With a company or venture of their own, started after graduation (CIRR 1D).
    #[graphql(default)]
    pub started_company: i32,
    /// In the field for a short term, part-time, freelance or for an unknown time (CIRR 1E).
    #[graphql(default)]
    pub short_term: i32,
    /// Employed out of the field, by the school too (CIRR 2A and 2B).
    #[graphql(default)]
    pub out_of_field: i32,
    /// Went on with their education.
    #[graphql(default)]
    pub continuing_education: i32,
    /// Still seeking a job in the field (CIRR 3A).
    #[graphql(default)]
    pub seeking: i32,
    /// Not seeking a job, also who never meant to (CIRR 3B and excluded).
    #[graphql(default)]
    pub not_seeking: i32,
    /// Could not be reached (CIRR 4).
    #[graphql(default)]
    pub non_reporting: i32,
}

/// What graduates earn: base pay of a year before taxes, without bonuses, of those employed in the field after 180 days.
#[derive(InputObject)]
pub struct OutcomeSalariesInput {
    /// The currency of all amounts.
    pub currency: Unread<CurrencyCode>,
    /// The median. Where there are bands it lies in the band of those in the middle.
    pub median: Unread<Decimal>,
    /// How many stated their salary, at most those employed in the field.
    pub stated: i32,
    /// How many earn how much, at most 50, from the lowest up and without overlapping. Together they are `stated`.
    pub bands: Option<Vec<SalaryBandInput>>,
}

/// How many earn from one amount to another.
#[derive(InputObject)]
pub struct SalaryBandInput {
    /// The least; left out only in the first: open downwards.
    pub from: Option<Unread<Decimal>>,
    /// What they earn less than; left out only in the last: open upwards.
    pub below: Option<Unread<Decimal>>,
    /// How many.
    pub count: i32,
}
