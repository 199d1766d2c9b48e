//! Employment of graduates, as the API shows it.

use async_graphql::SimpleObject;
use catalog::outcome::figures::{employed_in_field, percent};
use entity::outcome_employment;

use crate::graphql::scalars::Decimal;

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
    pub(super) fn of(row: &outcome_employment::Model, graduates: i32) -> Self {
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
