//! Mapping of a foreign CSV file to the fields of a course, as a small TOML file. docs/import.md describes the format.

mod check;
mod columns;
mod day;
mod duration;
mod field;
mod figure;
mod money;
mod unit;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use self::columns::Columns;
pub(super) use self::field::Create;
use self::field::MappedField;
use self::unit::Unit;
use super::layout::Layout;
use crate::error::{AppError, Result};

/// Parsed mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Columns that are left out deliberately. A column that is neither used by a field nor listed here is an error.
    #[serde(default)]
    ignore: Vec<String>,
    /// Decimal separator of the file.
    #[serde(default = "point")]
    decimal: char,
    /// Delimiter between columns. By default, it is found in the header.
    delimiter: Option<String>,
    /// Encoding of the file, UTF-8 by default.
    encoding: Option<String>,
    /// Number of lines before the header.
    #[serde(default)]
    skip: u32,
    /// Fields of a course, each with its source.
    fields: BTreeMap<String, MappedField>,
}

/// What is wrong with a text, as a clause for people. The text is its subject.
type FieldError = String;

fn point() -> char {
    '.'
}

impl Mapping {
    /// Parses a mapping.
    pub fn parse(text: &str) -> Result<Self> {
        let mut mapping: Self = toml::from_str(text).map_err(|error| AppError::input("mapping", error.to_string()))?;
        if !mapping.fields.contains_key("externalKey") {
            return Err(AppError::input("mapping", "must say what externalKey is made of"));
        }
        if !matches!(mapping.decimal, '.' | ',') {
            return Err(AppError::input("mapping", "decimal must be \".\" or \",\""));
        }
        mapping.layout()?;
        let per = mapping.fields.get("pricing.per").and_then(|field| field.constant.as_ref()?.as_str());
        let per = match per {
            Some("MONTH") => Some(Unit::Month),
            Some("YEAR") => Some(Unit::Year),
            Some(_) | None => None,
        };
        mapping.fields.get_mut("pricing.amount").into_iter().for_each(|field| field.per = per);
        Ok(mapping)
    }

    /// Layout that the mapping declares.
    pub(super) fn layout(&self) -> Result<Layout> {
        let wrong = |key: &'static str| move |rule: &str| AppError::input("mapping", format!("{key} {rule}"));
        let delimiter =
            self.delimiter.as_deref().map(Layout::parse_delimiter).transpose().map_err(wrong("delimiter"))?;
        let encoding = self.encoding.as_deref().map(Layout::parse_encoding).transpose().map_err(wrong("encoding"))?;
        Ok(Layout { delimiter, encoding, skip_lines: self.skip })
    }

    /// How to create things that a field names and that do not exist.
    pub(super) fn create(&self, field: &str) -> Option<&Create> {
        self.fields.get(field)?.create.as_ref()
    }
}
