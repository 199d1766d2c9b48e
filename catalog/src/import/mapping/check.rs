//! Checks a field of a mapping before any record is read, so that a fault of the mapping is reported once.

use serde_json::Value;

use super::MappedField;
use super::columns::put;
use crate::course::write;
use crate::error::{AppError, Result};
use crate::import::names;
use crate::import::records::RecordKind;
use crate::input::{Fields, ValidationCode, text};

/// Fails if a record has no such field, or if its options, constants or translations cannot be right. Without a kind, it
/// is a course.
pub(super) fn check(name: &str, field: &MappedField, records: Option<RecordKind>) -> Result<()> {
    let fault = |rule: &str| AppError::input(format!("field {name}"), rule);
    if let Some(kind) = records.filter(|kind| !kind.has_field(name)) {
        return Err(fault(&format!("there is no such field; there are {}", kind.fields().join(", "))));
    }
    if records.is_none() && !is_field(name) {
        return Err(fault("a course has no such field"));
    }
    if let Some(rule) = field.check_options(name) {
        return Err(fault(rule));
    }
    let rule_against = |value: &Value| rule_against(name, value, records);
    if let Some(rule) = field.constant.as_ref().and_then(rule_against) {
        return Err(fault(&format!("constant {rule}")));
    }
    for (word, value) in field.translations(name) {
        if let Some(rule) = rule_against(&value) {
            let (word, value) = (text::truncate(word, 60), text::truncate(&value.to_string(), 60));
            return Err(fault(&format!("values: {word} becomes {value}, which {rule}")));
        }
    }
    Ok(())
}

/// Fails if one field is a part of another one, or the same: only one of them would count.
pub(super) fn check_parts(names: &[String]) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
        let is_part = |other: &&String| other.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if let Some(part) = names.iter().find(is_part) {
            let rule = "one is a part of the other: give either the whole or its parts";
            return Err(AppError::input(format!("fields {name} and {part}"), rule));
        }
        if names.iter().skip(index + 1).any(|other| other == name) {
            return Err(AppError::input(format!("field {name}"), "is given twice: leave one of them out"));
        }
    }
    Ok(())
}

fn is_field(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or(name);
    let (fields, path) = row(name, Value::Null);
    let is_wrong = write::errors(&fields)
        .iter()
        .any(|error| error.code == ValidationCode::Invalid && path.starts_with(&error.path));
    write::fields().contains(&root) && !is_wrong
}

/// Rule that a value of a field violates by itself, whatever the other fields of a row are.
fn rule_against(name: &str, value: &Value, records: Option<RecordKind>) -> Option<String> {
    // The last day alone is refused, and would not be beside a first day.
    if name == "offerings.endsOn" {
        return None;
    }
    let (fields, path) = row(name, value.clone());
    // Names of things are looked up later.
    let is_own = |at: &[String]| at == path || !names::is_name(name) && at.starts_with(&path);
    let errors = records.map_or_else(|| write::errors(&fields), |kind| kind.errors(&fields));
    let mut errors = errors.into_iter().filter(|error| is_own(&error.path));
    errors.find(|error| error.code != ValidationCode::Required).map(|error| error.rule)
}

/// Row with nothing but this value, and the path at which errors of it are reported.
fn row(name: &str, value: Value) -> (Fields, Vec<String>) {
    let (mut fields, mut path) = (Fields::new(), name.split('.').map(str::to_owned).collect::<Vec<_>>());
    put(&mut fields, name, value);
    if path.len() > 1 && path.first().is_some_and(|root| root == "offerings") {
        let offering = fields.remove("offerings").unwrap_or_default();
        fields.insert("offerings".to_owned(), vec![offering].into());
        path.insert(1, "0".to_owned());
    }
    (fields, path)
}
