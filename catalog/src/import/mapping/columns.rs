//! Applies a mapping to the header of a file, and then to each of its records.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::check::{check, check_parts};
use super::duration::is_total;
use super::{MappedField, Mapping};
use crate::course::write::ImportRow;
use crate::error::{AppError, Result};
use crate::import::formula;
use crate::input::{Fields, ValidationCode, ValidationError, text};

/// Fields of every row of a file, each with the positions of its columns.
pub struct Columns {
    /// Headings. Columns without one are empty.
    header: Vec<String>,
    decimal: char,
    fields: Vec<(String, MappedField, Vec<usize>)>,
    mapping: Option<Mapping>,
    has_offerings: bool,
    /// Columns that decide whether a record counts, each with the texts of those that do.
    only: Vec<(usize, Vec<String>)>,
}

impl Columns {
    /// Resolves the columns of a mapping in a header. Without a mapping, each column is the field of the same name.
    /// Records that are no courses come with a function that knows their fields.
    pub fn new(header: Vec<String>, mapping: Option<Mapping>, is_field: Option<fn(&str) -> bool>) -> Result<Self> {
        mapping.as_ref().map_or(Ok(()), Mapping::check_table)?;
        let headings = || header.iter().filter(|name| !name.is_empty());
        let mut seen = HashSet::new();
        if let Some(twice) = headings().find(|name| !seen.insert(name.as_str())) {
            return Err(AppError::input(format!("column {twice}"), "stands twice in the header"));
        }
        let own = || headings().map(|name| (name.clone(), MappedField::own(name))).collect();
        let fields: Vec<(String, MappedField)> =
            mapping.as_ref().map_or_else(own, |mapping| mapping.fields.clone().into_iter().collect());
        let mut resolved = Vec::with_capacity(fields.len());
        for (name, field) in fields {
            let indexes = indexes(&header, &name, &field)?;
            let name = rename_offering(&name);
            let records = mapping.as_ref().and_then(|mapping| mapping.records);
            match is_field.filter(|_| mapping.is_none()) {
                None => check(&name, &field, records)?,
                Some(is_field) if is_field(&name) => {}
                Some(_) => return Err(AppError::input(format!("field {name}"), "there is no such field")),
            }
            resolved.push((name, field, indexes));
        }
        let mut only = Vec::new();
        if let Some(mapping) = &mapping {
            all_used(&header, mapping)?;
            for (column, words) in &mapping.only {
                only.push((index_of(&header, "only", column)?, words.all().to_vec()));
            }
        }
        if mapping.is_some() && resolved.iter().filter(|(name, _, _)| is_total(name)).count() > 1 {
            let rule = "is stated in hours or in minutes: leave one of them out";
            return Err(AppError::input("field duration", rule));
        }
        let has_offerings = resolved.iter().any(|(name, _, _)| is_of_offering(name));
        check_parts(&resolved.iter().map(|(name, _, _)| name.clone()).collect::<Vec<_>>())?;
        let decimal = mapping.as_ref().map_or('.', |mapping| mapping.decimal);
        Ok(Self { header, decimal, fields: resolved, mapping, has_offerings, only })
    }

    /// Heading of a column.
    pub fn heading(&self, index: usize) -> &str {
        self.header.get(index).map_or("the record", String::as_str)
    }

    /// Mapping, if there is one.
    pub fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// Whether each row has an offering in columns of its own, so that several rows may describe one course.
    pub fn has_offerings(&self) -> bool {
        self.has_offerings
    }

    /// Whether the mapping takes a record, or passes over it.
    pub fn is_wanted(&self, cells: &[&str]) -> bool {
        let text_of = |index: usize| cells.get(index).copied().unwrap_or_default().trim();
        self.only.iter().all(|(index, words)| words.iter().any(|word| word == text_of(*index)))
    }

    /// Converts a record to a row.
    pub fn row(&self, cells: &[&str]) -> ImportRow {
        if let Some(rule) = self.misfit(cells) {
            return ImportRow::unreadable(ValidationError::of("record", ValidationCode::Invalid, rule));
        }
        let (mut row, mut is_offering) = (ImportRow::default(), false);
        // Somebody else's cells are taken as they are: only those of our own exports are known to be guarded.
        let text_of = |cell| if self.mapping.is_none() { formula::unguard(cell) } else { cell };
        for (name, field, indexes) in &self.fields {
            let texts: Vec<&str> =
                indexes.iter().filter_map(|index_of| cells.get(*index_of).copied().map(text_of)).collect();
            match field.value(name, &texts, self.decimal) {
                Ok(value) => {
                    is_offering |= is_of_offering(name) && !texts.is_empty() && !value.is_null();
                    match total(name, &value) {
                        Some((name, amount)) => put(&mut row.fields, &name, amount.clone()),
                        None => put(&mut row.fields, name, value),
                    }
                }
                Err(error) => row.errors.push(error),
            }
        }
        row.fields.values_mut().for_each(empty_to_null);
        if self.has_offerings {
            let offering = row.fields.remove("offerings").filter(|offering| is_offering && !offering.is_null());
            row.fields.insert("offerings".to_owned(), offering.into_iter().collect());
            row.errors.iter_mut().for_each(|error| within_offering(error, 0));
        }
        row
    }

    /// Why the cells of a record are not those of the header.
    fn misfit(&self, cells: &[&str]) -> Option<String> {
        let width = self.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        if cells.len() < width {
            return Some(format!("has {} fields, and the header has {width}", cells.len()));
        }
        let is_stray = |index: &usize| self.header.get(*index).is_none_or(String::is_empty);
        let stray = |index: &usize| cells.get(*index).is_some_and(|cell| !cell.trim().is_empty()) && is_stray(index);
        let index = (0..cells.len()).find(stray)?;
        let cell = text::truncate(cells.get(index).copied().unwrap_or_default(), 60);
        Some(format!("has \"{cell}\" in column {}, which has no heading", index + 1))
    }
}

/// Field and amount of a total that is in hours or in minutes, whichever of these fields it is read for.
fn total<'a>(name: &str, value: &'a Value) -> Option<(String, &'a Value)> {
    let (unit, amount) = value.as_object().filter(|_| is_total(name))?.iter().next()?;
    Some((format!("duration.{unit}"), amount)).filter(|(name, _)| is_total(name))
}

pub(super) fn is_of_offering(name: &str) -> bool {
    name.starts_with("offerings.")
}

/// Name of a field in the form of a course. A mapping may speak of an offering.
pub(super) fn rename_offering(name: &str) -> String {
    name.strip_prefix("offering.").map_or(name.to_owned(), |rest| format!("offerings.{rest}"))
}

/// The error at its place in the list of offerings.
pub(super) fn within_offering(error: &mut ValidationError, position: usize) {
    if error.path.first().is_some_and(|root| root == "offerings") {
        error.path.insert(1, position.to_string());
    }
}

fn indexes(header: &[String], name: &str, field: &MappedField) -> Result<Vec<usize>> {
    field.from.all().iter().map(|column| index_of(header, &format!("field {name}"), column)).collect()
}

fn index_of(header: &[String], place: &str, column: &str) -> Result<usize> {
    let found = header.iter().position(|name| *name == heading(column));
    found.ok_or_else(|| AppError::input(place, format!("the file has no column {column}")))
}

fn all_used(header: &[String], mapping: &Mapping) -> Result<()> {
    let used = |column: &&String| {
        let is_it = |name: &String| heading(name) == **column;
        let is_named = mapping.ignore.iter().any(is_it) || mapping.only.keys().any(is_it);
        is_named || mapping.fields.values().any(|field| field.from.all().iter().any(is_it))
    };
    match header.iter().find(|column| !column.is_empty() && !used(column)) {
        Some(column) => Err(AppError::input(
            format!("column {column}"),
            "is in no field of the mapping; where that is meant, name it under ignore",
        )),
        None => Ok(()),
    }
}

/// Heading of a column, in the form in which headings are compared: spaces and composed letters have many spellings.
pub fn heading(text: &str) -> String {
    text::composed(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Inserts a value at a dotted path.
pub(super) fn put(fields: &mut Fields, name: &str, value: Value) {
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
pub(super) fn empty_to_null(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(empty_to_null);
        if fields.values().all(Value::is_null) {
            *value = Value::Null;
        }
    }
}
