//! Outcome reports as the change log shows them: complete, in the form of the inputs.

use entity::{outcome_employment, outcome_report, outcome_salary_band};
use serde_json::{Value, json};

use crate::changelog::fields::{each, object};
use crate::values::Money;

/// Report with its employment figures and salary bands.
pub(super) fn report(
    row: &outcome_report::Model,
    employment: &[outcome_employment::Model],
    bands: &[outcome_salary_band::Model],
) -> Value {
    let after = |days| employment.iter().find(|row| row.days == days).map_or(Value::Null, after);
    object([
        ("periodStart", json!(row.period_start.to_string())),
        ("periodEnd", json!(row.period_end.to_string())),
        ("enrolled", json!(row.enrolled)),
        ("graduatedOnTime", json!(row.graduated_on_time)),
        ("graduatedLate", json!(row.graduated_late)),
        ("after90Days", after(90)),
        ("after180Days", after(180)),
        ("salaries", salaries(row, bands)),
        ("auditor", json!(row.auditor)),
        ("url", json!(row.url)),
        ("source", json!(row.source_name)),
        ("sourceUrl", json!(row.source_url)),
    ])
}

fn after(row: &outcome_employment::Model) -> Value {
    json!({
        "fullTime": row.full_time, "apprenticeship": row.apprenticeship, "hiredBySchool": row.hired_by_school,
        "startedCompany": row.started_company, "shortTerm": row.short_term, "outOfField": row.out_of_field,
        "continuingEducation": row.continuing_education, "seeking": row.seeking, "notSeeking": row.not_seeking,
        "nonReporting": row.non_reporting,
    })
}

fn salaries(row: &outcome_report::Model, bands: &[outcome_salary_band::Model]) -> Value {
    let currency = row.salary_currency.as_deref();
    let amount = |minor: Option<i64>| json!(Money::stored(minor, currency).map(|it| it.amount().to_string()));
    let band = |band: &outcome_salary_band::Model| json!({ "from": amount(band.least), "below": amount(band.below), "count": band.count });
    object([
        ("currency", json!(currency)),
        ("median", amount(row.salary_median)),
        ("stated", json!(row.salaries_stated)),
        ("bands", if bands.is_empty() { Value::Null } else { each(bands, band) }),
    ])
}
