//! Several rows of a spreadsheet that describe one course, each with an offering of its own. They stand together, and
//! say the same of the course.

use serde_json::Value;

use super::keys;
use super::reader::Record;
use crate::course::MAX_OFFERINGS;
use crate::input::{Fields, ValidationCode, ValidationError};

/// Maximum number of errors kept of a course with many rows.
const MAX_ERRORS: usize = 50;

/// What happened to a row.
pub(super) enum Gathered {
    /// Its offering was added to the row before it.
    Joined,
    /// It is another course.
    Other(Record),
}

/// Adds the offering of a row to the row before it, if both have the same key.
pub(super) fn join(first: &mut Record, next: Record) -> Gathered {
    let key = keys::of(&first.row);
    if key.is_none() || key != keys::of(&next.row) {
        return Gathered::Other(next);
    }
    let line = next.line;
    let mut offerings = match first.row.fields.remove("offerings") {
        Some(Value::Array(offerings)) => offerings,
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    };
    let position = offerings.len();
    for (name, value) in next.row.fields {
        match value {
            // One more than a course may have: the rule for lists refuses the course, and the rest need not be kept.
            Value::Array(more) if name == "offerings" => {
                offerings.extend(more.into_iter().take((MAX_OFFERINGS + 1).saturating_sub(position)));
            }
            // Spreadsheets leave cells empty that repeat those above.
            Value::Null => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                if first.row.errors.len() < MAX_ERRORS && differs(&first.row.fields, &name, &value) {
                    let rule = format!("is another in line {line}: all rows of a course must say the same of it");
                    first.row.errors.push(ValidationError::of(&name, ValidationCode::Invalid, rule));
                }
            }
        }
    }
    first.row.fields.insert("offerings".to_owned(), offerings.into());
    let room = MAX_ERRORS.saturating_sub(first.row.errors.len());
    let errors = next.row.errors.into_iter().take(room).map(|error| at(error, position, line));
    first.row.errors.extend(errors);
    Gathered::Joined
}

fn differs(fields: &Fields, name: &str, value: &Value) -> bool {
    let is_empty = matches!(value, Value::Array(items) if items.is_empty());
    // Equal keys may be spelt with other code points; they are what the rows have been recognized by.
    name != "externalKey" && !is_empty && fields.get(name) != Some(value)
}

/// The error, at the position of its offering, with the line of its row.
fn at(mut error: ValidationError, position: usize, line: u64) -> ValidationError {
    if let [root, index, ..] = error.path.as_mut_slice()
        && root == "offerings"
    {
        *index = position.to_string();
    }
    error.rule = format!("{} (line {line})", error.rule);
    error
}
