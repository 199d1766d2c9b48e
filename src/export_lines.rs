//! An export as bytes, the same in a file and over HTTP. The courses of a provider are exactly what an import reads. A
//! workbook is a file first, which is then sent. The public catalogue has two more lines: the first with the position of the log, the last to say whether it is complete.
//! Does not belong here: which courses there are, and who may read them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use async_graphql::ID;
use catalog::error::{AppError, Result};
use catalog::export::{self, Export, ExportFormat, ExportedCourse, Selection};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::graphql::changelog::cursor;
use crate::graphql::ids::{NodeKind, global_id, row_of};

/// Bytes of a workbook that are read at a time.
const READ_BYTES: u64 = 64 * 1024;

/// A text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    Csv,
    Jsonl,
}

/// How the bytes of an export come about.
pub enum Source {
    /// As text, page by page.
    Pages(TextFormat),
    /// From a file that is complete, with this number of courses.
    File(File, u64),
}

/// Prepares an export: a workbook is written to a temporary file in a folder. `check` runs for each of its pages; an error
/// from it ends the export.
pub async fn prepare(
    export: &mut Export,
    format: ExportFormat,
    folder: &Path,
    check: impl AsyncFnMut() -> Result<()>,
) -> Result<Source> {
    Ok(match format {
        ExportFormat::Csv => Source::Pages(TextFormat::Csv),
        ExportFormat::Jsonl => Source::Pages(TextFormat::Jsonl),
        ExportFormat::Xlsx => {
            let (file, courses) = export::workbook(export, folder, check).await?;
            Source::File(file, courses)
        }
    })
}

/// Writes all courses, piece by piece, and returns their number. `send` receives the bytes; an error from it ends the
/// export.
pub async fn write(
    export: &mut Export,
    source: Source,
    mut send: impl AsyncFnMut(Vec<u8>) -> Result<()>,
) -> Result<u64> {
    let format = match source {
        Source::Pages(format) => format,
        Source::File(mut file, courses) => loop {
            let mut bytes = Vec::new();
            (&mut file).take(READ_BYTES).read_to_end(&mut bytes).map_err(AppError::internal)?;
            if bytes.is_empty() {
                return Ok(courses);
            }
            send(bytes).await?;
        },
    };
    let start = start(export, format)?;
    // In a response, an empty piece would be its end.
    if !start.is_empty() {
        send(start).await?;
    }
    let mut count = 0;
    loop {
        let page = export.next_page().await?;
        if page.is_empty() {
            break;
        }
        count += page.len() as u64;
        send(courses(export, format, &page)?).await?;
    }
    if export.selection() == Selection::Catalogue {
        send(line(json!({ "done": true, "courses": count, "position": export.point().position }))).await?;
    }
    Ok(count)
}

fn start(export: &Export, format: TextFormat) -> Result<Vec<u8>> {
    let point = export.point();
    match export.selection() {
        Selection::Provider(_) => match format {
            TextFormat::Csv => export::csv_header(),
            TextFormat::Jsonl => Ok(Vec::new()),
        },
        Selection::Catalogue => Ok(line(json!({ "position": point.position, "cursor": cursor(point).encode() }))),
    }
}

fn courses(export: &Export, format: TextFormat, courses: &[ExportedCourse]) -> Result<Vec<u8>> {
    match export.selection() {
        Selection::Provider(_) => match format {
            TextFormat::Csv => export::csv(courses),
            TextFormat::Jsonl => export::json_lines(courses),
        },
        Selection::Catalogue => Ok(courses.iter().flat_map(|course| line(public_course(course))).collect()),
    }
}

fn public_course(course: &ExportedCourse) -> Value {
    let time = |at: DateTime<Utc>| Value::from(at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let ExportedCourse { row, provider, fields } = course;
    let about: [(&str, Value); 5] = [
        ("id", global_id(NodeKind::Course, row.id).0.into()),
        ("provider", provider.as_str().into()),
        ("version", row.version.into()),
        ("publishedAt", row.published_at.map_or(Value::Null, time)),
        ("updatedAt", time(row.updated_at)),
    ];
    let about = about.into_iter().map(|(name, value)| (name.to_owned(), value));
    about.chain(fields.clone()).collect::<Map<String, Value>>().into()
}

/// Last line of an export of the public catalogue that could not go on: it can be resumed after the last course.
pub fn broken_off(export: &Export, error: &AppError) -> Vec<u8> {
    let after = Some(export.resume_after()).filter(|id| *id > 0).map(|id| global_id(NodeKind::Course, id).0);
    let error = json!({ "code": error.code().name(), "message": error.message(), "path": [] });
    line(json!({ "done": false, "after": after, "errors": [error] }))
}

fn line(value: Value) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

/// Row ID of the course after which an export is resumed.
pub fn parse_after(argument: &str, id: &str) -> Result<i64> {
    let row = row_of(NodeKind::Course, argument, &ID(id.to_owned()))?;
    row.ok_or_else(|| AppError::input(argument, "must be the id of a course"))
}
