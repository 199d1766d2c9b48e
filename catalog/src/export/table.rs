//! Courses as a table, in the columns that an import takes: dots inside objects, bars between the items of a list, and
//! lists of objects as JSON. The columns come from the fields of a course. Here is also how CSV is written.

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

/// Significant digits that a number of a spreadsheet keeps.
const MAX_DIGITS: usize = 15;

/// A column of a table.
struct Column {
    name: String,
    /// Path of its value in a course.
    path: Vec<&'static str>,
    is_number: bool,
}

/// Content of a cell where numbers are not texts.
pub(super) enum Cell {
    Empty,
    Text(String),
    /// A number, and how many decimals are shown.
    Number(f64, usize),
}

static COLUMNS: LazyLock<Vec<Column>> =
    LazyLock::new(|| FIELDS.iter().flat_map(|field| columns_of(&[], field)).collect());

fn columns_of(path: &[&'static str], field: &FieldShape) -> Vec<Column> {
    let path = [path, &[field.name]].concat();
    let column = |path: Vec<&'static str>, is_number| Column { name: path.join("."), path, is_number };
    match &field.shape {
        Shape::Object(object) => object.fields.iter().flat_map(|field| columns_of(&path, field)).collect(),
        // The one scalar of the schema that is an object, and declared by hand.
        Shape::Named("MoneyInput") => [("amount", true), ("currency", false)]
            .map(|(name, is_number)| column([path.as_slice(), &[name]].concat(), is_number))
            .into(),
        Shape::Named(name) => vec![column(path, *name == "Int")],
        Shape::List(_) => vec![column(path, false)],
    }
}

/// Names of the columns, and whether their values are numbers.
pub(super) fn columns() -> impl Iterator<Item = (&'static str, bool)> {
    COLUMNS.iter().map(|column| (column.name.as_str(), column.is_number))
}

/// Cells of a course, each with the name of its column.
pub(super) fn cells(course: &ExportedCourse) -> impl Iterator<Item = (&'static str, Cell)> {
    COLUMNS.iter().map(|column| {
        let text = cell(value(&course.fields, &column.path));
        let number = Some(&text).filter(|text| column.is_number && digits(text) <= MAX_DIGITS);
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let cell = match number.and_then(|text| text.parse().ok()) {
            Some(number) => Cell::Number(number, decimals),
            None if text.is_empty() => Cell::Empty,
            None => Cell::Text(text),
        };
        (column.name.as_str(), cell)
    })
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// The header.
pub(super) fn header() -> Result<Vec<u8>> {
    let mut header = BYTE_ORDER_MARK.to_vec();
    let names = columns().map(|(name, _)| name);
    header.extend(write(|csv| csv.write_record(names))?);
    Ok(header)
}

/// One record for each course.
pub(super) fn records(courses: &[ExportedCourse]) -> Result<Vec<u8>> {
    write(|csv| {
        courses.iter().try_for_each(|course| {
            csv.write_record(COLUMNS.iter().map(|column| cell(value(&course.fields, &column.path))))
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
