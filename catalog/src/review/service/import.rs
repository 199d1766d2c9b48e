//! Reviews that staff import from other sites. They are published as they come, count in no rating, and can be
//! moderated like all others: what staff decided stays decided when a review is imported again.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveTime};
use entity::review::{self, Column};
use entity::{ReviewStatus, course};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::change::replace_row;
use super::log::log_entry;
use crate::course::write::{ImportRow, RowResult};
use crate::error::Result;
use crate::imported::{ImportSource, ImportedRecord};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::{Fields, InputReader, ValidationError};
use crate::review::validation::{content, past};
use crate::write::{Writer, insert};

/// Writes imported reviews in the caller's transaction. Returns the result of each, and the position of the last
/// change.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn import(
    tx: &DatabaseTransaction,
    writer: &Writer,
    source: &ImportSource,
    rows: &[ImportRow],
) -> Result<(Vec<RowResult>, Option<i64>)> {
    let records = source.read(tx, rows).await?;
    let mut stored = stored(tx, source, &records).await?;
    let (mut results, mut new) = (Vec::with_capacity(records.len()), Vec::new());
    let mut courses: BTreeMap<i64, course::Model> = BTreeMap::new();
    for record in records {
        let (before, parent) = (stored.remove(&record.key), record.course.clone());
        results.push(match (read(writer, source, record, before.as_ref()), before) {
            (Err(errors), _) => RowResult::Rejected(errors),
            (Ok(row), Some(before)) if before == row => RowResult::Unchanged(row.id),
            (Ok(row), before) => {
                courses.extend(parent.map(|parent| (parent.course.id, parent.course)));
                let id = row.id;
                if let Some(before) = before {
                    let (version, updated_at) = (before.version + 1, writer.now());
                    replace_row(tx, &before, &review::Model { version, updated_at, ..row }).await?;
                    RowResult::Updated(id)
                } else {
                    new.push(row);
                    RowResult::Created(id)
                }
            }
        });
    }
    insert::<review::Entity>(tx, new).await?;
    let position = writer.log(tx, courses.values().map(log_entry).collect()).await?;
    Ok((results, position))
}

/// Reviews of this source that are stored already, by key.
async fn stored(
    tx: &DatabaseTransaction,
    source: &ImportSource,
    records: &[ImportedRecord],
) -> Result<HashMap<String, review::Model>> {
    let keys = records.iter().map(|record| record.key.as_str());
    let stored =
        review::Entity::find().filter(Column::SourceName.eq(&source.name)).filter(Column::SourceKey.is_in(keys));
    let stored = stored.all(tx).await?;
    Ok(stored.into_iter().filter_map(|row| Some((row.source_key.clone()?, row))).collect())
}

/// Row of a record: the stored one with what the record says, or a new one.
fn read(
    writer: &Writer,
    source: &ImportSource,
    mut record: ImportedRecord,
    before: Option<&review::Model>,
) -> Result<review::Model, Vec<ValidationError>> {
    record.check_course(before.map(|row| row.course_id));
    let row = before.cloned().unwrap_or_else(|| review::Model {
        id: writer.ids.next(),
        status: ReviewStatus::Published,
        version: 1,
        updated_at: writer.now(),
        ..Default::default()
    });
    let today = writer.clock.today();
    let content = InputReader::read(&record.content, |reader| fields(reader, today, row));
    let (row, parent, record) = record.accept(content)?;
    Ok(review::Model {
        course_id: parent.course.id,
        source_name: Some(source.name.clone()),
        source_url: Some(record.url),
        source_key: Some(record.key),
        ..row
    })
}

fn fields(reader: &mut InputReader<'_>, today: NaiveDate, row: review::Model) -> Option<review::Model> {
    let source_author = reader.nullable("author", line(MAX_NAME_CHARS)).value();
    let written_on = reader.required("writtenOn", past(today));
    let row = content(reader, today, row)?;
    Some(review::Model { source_author, created_at: written_on?.and_time(NaiveTime::MIN).and_utc(), ..row })
}

/// What an imported review says.
pub fn import_fields() -> Vec<String> {
    let fields = InputReader::fields_of(|reader| fields(reader, NaiveDate::MIN, review::Model::default()));
    fields.into_iter().map(str::to_owned).collect()
}

/// Errors of an imported review.
pub fn import_errors(content: &Fields) -> Vec<ValidationError> {
    InputReader::read(content, |reader| fields(reader, NaiveDate::MAX, review::Model::default())).1
}
