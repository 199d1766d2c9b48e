//! Applies a mapping to the header of a file, and then to each of its records.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{MappedField, Mapping};
use crate::course::write::{self, ImportRow};
use crate::error::{AppError, Result};
use crate::import::formula;
use crate::input::{Fields, ValidationCode, ValidationError};

/// Fields of every row of a file, each with the positions of its columns.
pub struct Columns {
    width: usize,
    decimal: char,
    fields: Vec<(String, MappedField, Vec<usize>)>,
    mapping: Option<Mapping>,
}

impl Columns {
    /// Resolves the columns of a mapping in a header. Without a mapping, each column is the field of the same name.
    pub fn new(header: Vec<String>, mapping: Option<Mapping>) -> Result<Self> {
        let mut seen = HashSet::new();
        if let Some(twice) = header.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(AppError::input(format!("column {twice}"), "stands twice in the header"));
        }
        let own = || header.iter().map(|name| (name.clone(), MappedField::own(name))).collect();
        let fields: Vec<(String, MappedField)> =
            mapping.as_ref().map_or_else(own, |mapping| mapping.fields.clone().into_iter().collect());
        let mut resolved = Vec::with_capacity(fields.len());
        for (name, field) in fields {
            check(&name, &field)?;
            let indexes = indexes(&header, &name, &field)?;
            resolved.push((name, field, indexes));
        }
        if let Some(mapping) = &mapping {
            all_used(&header, mapping)?;
        }
        let decimal = mapping.as_ref().map_or('.', |mapping| mapping.decimal);
        Ok(Self { width: header.len(), decimal, fields: resolved, mapping })
    }

    /// Mapping, if there is one.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// Converts a record to a row.
    pub fn row(&self, cells: &[&str]) -> ImportRow {
        if cells.len() != self.width {
            let rule = format!("has {} fields, and the header has {}", cells.len(), self.width);
            return ImportRow::unreadable(ValidationError::of("record", ValidationCode::Invalid, rule));
        }
        let mut row = ImportRow::default();
        // Somebody else's cells are taken as they are: only those of our own exports are known to be guarded.
        let text = |cell| if self.mapping.is_none() { formula::unguard(cell) } else { cell };
        for (name, field, indexes) in &self.fields {
            let texts: Vec<&str> =
                indexes.iter().filter_map(|index_of| cells.get(*index_of).copied().map(text)).collect();
            match field.value(name, &texts, self.decimal) {
                Ok(value) => put(&mut row.fields, name, value),
                Err(error) => row.errors.push(error),
            }
        }
        row.fields.values_mut().for_each(empty_to_null);
        row
    }
}

fn check(name: &str, field: &MappedField) -> Result<()> {
    let root = name.split('.').next().unwrap_or(name);
    if !write::fields().contains(&root) {
        return Err(AppError::input(format!("field {name}"), "a course has no such field"));
    }
    field.check_options(name).map_or(Ok(()), |rule| Err(AppError::input(format!("field {name}"), rule)))
}

fn indexes(header: &[String], name: &str, field: &MappedField) -> Result<Vec<usize>> {
    let index_of = |column: &String| {
        let found = header.iter().position(|heading| heading == column);
        found.ok_or_else(|| AppError::input(format!("field {name}"), format!("the file has no column {column}")))
    };
    field.from.all().iter().map(index_of).collect()
}

fn all_used(header: &[String], mapping: &Mapping) -> Result<()> {
    let used = |column: &&String| {
        mapping.ignore.contains(column) || mapping.fields.values().any(|field| field.from.all().contains(column))
    };
    match header.iter().find(|column| !used(column)) {
        Some(column) => Err(AppError::input(
            format!("column {column}"),
            "is in no field of the mapping; where that is meant, name it under ignore",
        )),
        None => Ok(()),
    }
}

/// Inserts a value at a dotted path.
fn put(fields: &mut Fields, name: &str, value: Value) {
    let Some((head, rest)) = name.split_once('.') else {
        fields.insert(name.to_owned(), value);
        return;
    };
    let inner = fields.entry(head.to_owned()).or_insert_with(|| Map::new().into());
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

/// Replaces objects without any value by null.
fn empty_to_null(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(empty_to_null);
        if fields.values().all(Value::is_null) {
            *value = Value::Null;
        }
    }
}
