//! Courses as CSV, in the columns that an import takes: dots inside objects, bars between the items of a list, and lists
//! of objects as JSON. The columns come from the fields of a course.

use std::sync::LazyLock;

use csv::{Writer, WriterBuilder};
use serde_json::Value;

use super::ExportedCourse;
use crate::course::import_rows::FIELDS;
use crate::error::{AppError, Result};
use crate::import::formula;
use crate::listing::{FieldShape, Shape};

/// Byte order mark, without which the most common spreadsheet takes the file for another encoding than UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A column: the path of its value in a course.
struct CellPath(Vec<&'static str>);

static COLUMNS: LazyLock<Vec<CellPath>> =
    LazyLock::new(|| FIELDS.iter().flat_map(|field| columns(&[], field)).collect());

fn columns(path: &[&'static str], field: &FieldShape) -> Vec<CellPath> {
    let path = [path, &[field.name]].concat();
    match &field.shape {
        Shape::Object(object) => object.fields.iter().flat_map(|field| columns(&path, field)).collect(),
        // The one scalar of the schema that is an object, and declared by hand.
        Shape::Named("MoneyInput") => {
            ["amount", "currency"].map(|name| CellPath([path.as_slice(), &[name]].concat())).into()
        }
        Shape::Named(_) | Shape::List(_) => vec![CellPath(path)],
    }
}

/// The header.
pub(super) fn header() -> Result<Vec<u8>> {
    let mut header = BYTE_ORDER_MARK.to_vec();
    let names = COLUMNS.iter().map(|column| column.0.join("."));
    header.extend(write(|csv| csv.write_record(names))?);
    Ok(header)
}

/// One record for each course.
pub(super) fn records(courses: &[ExportedCourse]) -> Result<Vec<u8>> {
    write(|csv| {
        courses.iter().try_for_each(|course| {
            csv.write_record(COLUMNS.iter().map(|column| cell(value(&course.fields, &column.0))))
        })
    })
}

fn write(work: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>) -> Result<Vec<u8>> {
    let mut csv = WriterBuilder::new().from_writer(Vec::new());
    work(&mut csv).map_err(AppError::internal)?;
    csv.into_inner().map_err(AppError::internal)
}

fn value<'a>(fields: &'a serde_json::Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(fields.get(*first)?, |value, name| value.get(name))
}

/// Text of a cell. An empty cell clears the field, as null and an empty list do.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => formula::guard(text).into_owned(),
        Some(Value::Array(items)) if items.is_empty() => String::new(),
        Some(Value::Array(items)) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            words.map_or_else(|| Value::Array(items.clone()).to_string(), |words| words.join("|"))
        }
        Some(value @ (Value::Bool(_) | Value::Number(_) | Value::Object(_))) => value.to_string(),
    }
}
