//! Parses the input for an outcome report, a loosely typed object, into checked values and collects all errors at once.
//! The counts must add up. Does not access the database.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{outcome_employment, outcome_report, outcome_salary_band};

use super::figures::{employed_in_field, everyone};
use super::salaries::{Salaries, salaries};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::value::{date, web_address, whole};
use crate::input::{Fields, InputReader, ValidationCode, ValidationError};

/// Maximum number of learners in a report.
const MAX_LEARNERS: i32 = 1_000_000;

/// Checked report.
#[derive(Clone, Debug)]
pub(super) struct ValidatedReport {
    pub(super) start: NaiveDate,
    pub(super) end: NaiveDate,
    enrolled: i32,
    on_time: i32,
    late: i32,
    employment: Vec<outcome_employment::Model>,
    salaries: Option<Salaries>,
    auditor: Option<String>,
    url: Option<String>,
}

impl ValidatedReport {
    /// Parses a complete report. `today` decides which periods are over.
    pub(super) fn read(fields: &Fields, today: NaiveDate) -> (Option<Self>, Vec<ValidationError>) {
        let looks_back = fields.get("after180Days").is_some_and(|it| !it.is_null());
        InputReader::read_at(fields, vec!["input".to_owned()], |reader| {
            let values = read(reader, today);
            if values.as_ref().is_some_and(|values| values.salaries.is_some()) && !looks_back {
                let rule = "must be given with salaries, which are of those employed then";
                reader.add_error("after180Days", ValidationCode::Required, rule);
            }
            values
        })
    }

    /// Applies the report to a row.
    pub(super) fn apply_to(&self, row: outcome_report::Model) -> outcome_report::Model {
        let salaries = self.salaries.as_ref();
        outcome_report::Model {
            period_start: self.start,
            period_end: self.end,
            enrolled: self.enrolled,
            graduated_on_time: self.on_time,
            graduated_late: self.late,
            salary_currency: salaries.map(|it| it.currency.code().to_owned()),
            salary_median: salaries.map(|it| it.median),
            salaries_stated: salaries.map(|it| it.stated),
            auditor: self.auditor.clone(),
            url: self.url.clone(),
            ..row
        }
    }

    /// Returns the row of a new report.
    pub(super) fn row(&self, id: i64, course_id: i64, now: DateTime<Utc>) -> outcome_report::Model {
        self.apply_to(outcome_report::Model {
            id,
            course_id,
            version: 1,
            published_at: now,
            updated_at: now,
            ..Default::default()
        })
    }

    /// Returns the employment rows of this report.
    pub(super) fn employment(&self, report_id: i64) -> Vec<outcome_employment::Model> {
        self.employment.iter().map(|row| outcome_employment::Model { report_id, ..row.clone() }).collect()
    }

    /// Returns the salary bands of this report.
    pub(super) fn bands(self, report_id: i64) -> Vec<outcome_salary_band::Model> {
        let bands = self.salaries.map(|salaries| salaries.bands).unwrap_or_default();
        let bands = bands.into_iter().zip(0..);
        bands.map(|(band, position)| outcome_salary_band::Model { report_id, position, ..band }).collect()
    }
}

/// Names of the fields of a report.
pub(super) fn fields() -> Vec<&'static str> {
    InputReader::fields_of(|reader| read(reader, NaiveDate::MIN))
}

/// Names of the counts of graduates in `after90Days` and `after180Days`.
pub(super) fn counts() -> Vec<&'static str> {
    InputReader::fields_of(|reader| employment(reader, 0))
}

fn read(reader: &mut InputReader<'_>, today: NaiveDate) -> Option<ValidatedReport> {
    let (start, end) = period(reader, today);
    let enrolled = reader.required("enrolled", whole(1..=MAX_LEARNERS));
    let on_time = reader.required("graduatedOnTime", whole(0..=MAX_LEARNERS));
    let late = reader.required("graduatedLate", whole(0..=MAX_LEARNERS));
    let graduates = on_time.zip(late).map(|(on_time, late)| on_time + late);
    if graduates.zip(enrolled).is_some_and(|(graduates, enrolled)| graduates > enrolled) {
        let rule = "graduatedOnTime and graduatedLate must not be more than enrolled together";
        reader.add_error("graduatedLate", ValidationCode::OutOfRange, rule);
    }
    let elapsed = end.map(|end| today.signed_duration_since(end));
    let early = after(reader, ("after90Days", 90), graduates, elapsed);
    let later = after(reader, ("after180Days", 180), graduates, elapsed);
    let employed = later.as_ref().map(employed_in_field);
    let salaries = reader.object("salaries", |reader| salaries(reader, employed)).value();
    let (auditor, url) =
        (reader.nullable("auditor", line(MAX_NAME_CHARS)).value(), reader.nullable("url", web_address).value());
    let employment = early.into_iter().chain(later).collect();
    Some(ValidatedReport {
        start: start?,
        end: end?,
        enrolled: enrolled?,
        on_time: on_time?,
        late: late?,
        employment,
        salaries,
        auditor,
        url,
    })
}

/// Reads the first and last day of the period, which must be over.
fn period(reader: &mut InputReader<'_>, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (start, end) = (reader.required("periodStart", date), reader.required("periodEnd", date));
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        reader.add_error("periodEnd", ValidationCode::OutOfRange, "must not be before periodStart");
    }
    if end.is_some_and(|end| end >= today) {
        reader.add_error("periodEnd", ValidationCode::OutOfRange, "must be in the past");
    }
    (start, end)
}

/// Reads what the graduates did this many days after graduating. The counts must add up to the graduates, and the days
/// must have passed.
fn after(
    reader: &mut InputReader<'_>,
    (field, days): (&'static str, i32),
    graduates: Option<i32>,
    elapsed: Option<TimeDelta>,
) -> Option<outcome_employment::Model> {
    let row = reader.object(field, |reader| Some(employment(reader, days))).value()?;
    if elapsed.is_some_and(|elapsed| elapsed < TimeDelta::days(days.into())) {
        reader.add_error(field, ValidationCode::OutOfRange, format!("{days} days must have passed since periodEnd"));
    }
    let sum = everyone(&row);
    if let Some(graduates) = graduates.filter(|graduates| *graduates != sum) {
        let rule = format!("must add up to the {graduates} graduates, and comes to {sum}");
        reader.add_error(field, ValidationCode::Invalid, rule);
    }
    Some(row)
}

/// Reads the counts. A count that is left out is 0.
fn employment(reader: &mut InputReader<'_>, days: i32) -> outcome_employment::Model {
    let mut count = |field| reader.optional(field, whole(0..=MAX_LEARNERS)).unwrap_or_default();
    outcome_employment::Model {
        report_id: 0,
        days,
        full_time: count("fullTime"),
        apprenticeship: count("apprenticeship"),
        hired_by_school: count("hiredBySchool"),
        started_company: count("startedCompany"),
        short_term: count("shortTerm"),
        out_of_field: count("outOfField"),
        continuing_education: count("continuingEducation"),
        seeking: count("seeking"),
        not_seeking: count("notSeeking"),
        non_reporting: count("nonReporting"),
    }
}
