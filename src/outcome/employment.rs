//! What graduates did after graduating, as the API shows it.

use async_graphql::SimpleObject;
use entity::outcome_employment;

use super::figures::{employed_in_field, percent};
use crate::graphql::scalars::Decimal;

/// What graduates did so many days after graduating. Each graduate counts once.
#[derive(SimpleObject)]
#[graphql(name = "EmploymentOutcome")]
pub struct Employment {
    /// Full-time employees in the field (CIRR 1A).
    pub full_time: i32,
    /// In a full-time apprenticeship, internship or contract in the field (CIRR 1B).
    pub apprenticeship: i32,
    /// Hired in the field by the school itself (CIRR 1C).
    pub hired_by_school: i32,
    /// With a company or venture of their own, started after graduation (CIRR 1D).
    pub started_company: i32,
    /// In the field for a short term, part-time, freelance or for an unknown time (CIRR 1E).
    pub short_term: i32,
    /// Employed out of the field, by the school too (CIRR 2A and 2B).
    pub out_of_field: i32,
    /// Went on with their education.
    pub continuing_education: i32,
    /// Still seeking a job in the field (CIRR 3A).
    pub seeking: i32,
    /// Not seeking a job, also who never meant to (CIRR 3B and excluded).
    pub not_seeking: i32,
    /// Could not be reached (CIRR 4).
    pub non_reporting: i32,
    /// How many were employed in the field: fullTime, apprenticeship, hiredBySchool, startedCompany and shortTerm.
    pub employed_in_field: i32,
    /// employedInField in percent of all graduates, to two decimals; null without a graduate. Nobody is left out, so that no
    /// rate rises by leaving people out: CIRR takes those off who did not mean to look for a job in the field.
    pub employment_rate: Option<Decimal>,
    /// Those who could be reached in percent of all graduates, to two decimals; null without a graduate.
    pub response_rate: Option<Decimal>,
}

impl Employment {
    /// What a row says of so many graduates.
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
