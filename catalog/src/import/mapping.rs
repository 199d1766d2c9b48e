//! Mapping of a foreign CSV file to the fields of a course, as a small TOML file. docs/import.md describes the format.

mod columns;
mod field;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use self::columns::Columns;
pub(super) use self::field::Create;
use self::field::MappedField;
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
    /// Fields of a course, each with its source.
    fields: BTreeMap<String, MappedField>,
}

fn point() -> char {
    '.'
}

impl Mapping {
    /// Parses a mapping.
    pub fn parse(text: &str) -> Result<Self> {
        let mapping: Self = toml::from_str(text).map_err(|error| AppError::input("mapping", error.to_string()))?;
        if !mapping.fields.contains_key("externalKey") {
            return Err(AppError::input("mapping", "must say what externalKey is made of"));
        }
        Ok(mapping)
    }

    /// How to create things that a field names and that do not exist.
    pub(super) fn create(&self, field: &str) -> Option<&Create> {
        self.fields.get(field)?.create.as_ref()
    }
}
