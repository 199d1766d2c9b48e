//! Outcome reports that staff import from other sites. They rank no course, and take the place of no report of the
//! provider.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::outcome_report::{self, Column};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::Value;

use super::service::{add, log_entry, replace};
use super::validation::{self, ValidatedReport, counts};
use crate::changelog::{Action, Entry};
use crate::course::LockedCourse;
use crate::course::write::{ImportRow, RowResult};
use crate::error::Result;
use crate::imported::{ImportSource, ImportedRecord};
use crate::input::{Fields, ValidationError};
use crate::write::Writer;

/// Fields of `salaries`.
const SALARIES: [&str; 4] = ["currency", "median", "stated", "bands"];

/// Writes imported reports in the caller's transaction. Returns the result of each, and the position of the last
/// change.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn import(
    tx: &DatabaseTransaction,
    writer: &Writer,
    source: &ImportSource,
    rows: &[ImportRow],
) -> Result<(Vec<RowResult>, Option<i64>)> {
    let records = source.read(tx, rows).await?;
    let keys = records.iter().map(|record| record.key.as_str());
    let stored = outcome_report::Entity::find().filter(Column::SourceName.eq(&source.name));
    let stored = stored.filter(Column::SourceKey.is_in(keys)).all(tx).await?;
    let mut stored: HashMap<String, outcome_report::Model> =
        stored.into_iter().filter_map(|row| Some((row.source_key.clone()?, row))).collect();
    let (mut results, mut entries) = (Vec::with_capacity(records.len()), Vec::new());
    for record in records {
        let before = stored.remove(&record.key);
        let (result, entry) = match read(writer, record, before.as_ref()) {
            Err(errors) => (RowResult::Rejected(errors), None),
            Ok((values, parent, record)) => write(tx, writer, (source, record, &parent), values, before).await?,
        };
        results.push(result);
        entries.extend(entry);
    }
    let position = writer.log(tx, entries).await?;
    Ok((results, position))
}

fn read(
    writer: &Writer,
    mut record: ImportedRecord,
    before: Option<&outcome_report::Model>,
) -> Result<(ValidatedReport, LockedCourse, ImportedRecord), Vec<ValidationError>> {
    record.check_course(before.map(|row| row.course_id));
    let (values, found) = ValidatedReport::read(&record.content, writer.now().date_naive());
    record.accept((values, without_root(found)))
}

/// Writes a report. One that is withdrawn stays as it is.
async fn write(
    tx: &DatabaseTransaction,
    writer: &Writer,
    (source, record, parent): (&ImportSource, ImportedRecord, &LockedCourse),
    values: ValidatedReport,
    before: Option<outcome_report::Model>,
) -> Result<(RowResult, Option<Entry>)> {
    let row = before.clone().unwrap_or_else(|| values.row(writer.ids.next(), parent.course.id, writer.now()));
    let row = outcome_report::Model {
        source_name: Some(source.name.clone()),
        source_url: Some(record.url),
        source_key: Some(record.key),
        ..values.apply_to(row)
    };
    Ok(match before {
        None => {
            let after = add(tx, &row, values).await?;
            let entry = log_entry(writer, Action::OutcomePublish, parent, (Value::Null, after), None);
            (RowResult::Created(row.id), Some(entry))
        }
        Some(before) if before.withdrawn_at.is_some() => (RowResult::Unchanged(before.id), None),
        Some(before) => match replace(tx, writer, (&before, row), values).await? {
            None => (RowResult::Unchanged(before.id), None),
            Some((row, change)) => {
                (RowResult::Updated(row.id), Some(log_entry(writer, Action::OutcomeUpdate, parent, change, None)))
            }
        },
    })
}

/// What an imported report says, with a dot inside objects.
pub fn fields() -> Vec<String> {
    let parts = |field: &str| -> Vec<String> {
        let inside = match field {
            "after90Days" | "after180Days" => counts(),
            "salaries" => SALARIES.to_vec(),
            _ => return vec![field.to_owned()],
        };
        inside.into_iter().map(|part| format!("{field}.{part}")).collect()
    };
    validation::fields().into_iter().flat_map(parts).collect()
}

/// Errors of an imported report.
pub fn errors(content: &Fields) -> Vec<ValidationError> {
    without_root(ValidatedReport::read(content, NaiveDate::MAX).1)
}

/// The errors of a record, whose fields are not in an object `input`, as those of a mutation are.
fn without_root(errors: Vec<ValidationError>) -> Vec<ValidationError> {
    let own = |error: ValidationError| ValidationError { path: error.path.into_iter().skip(1).collect(), ..error };
    errors.into_iter().map(own).collect()
}
