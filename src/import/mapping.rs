//! The mapping of somebody's CSV to our fields, as a small TOML file whose form stands in docs/import.md.

mod columns;
mod field;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use self::columns::Columns;
pub(super) use self::field::Create;
use self::field::Field;
use crate::error::{AppError, Result};

/// A mapping that has been read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Columns that are left out on purpose: one that is in no field and not here is a fault of the mapping.
    #[serde(default)]
    ignore: Vec<String>,
    /// The sign before decimals in the file.
    #[serde(default = "point")]
    decimal: char,
    /// Our fields, each with where it comes from.
    fields: BTreeMap<String, Field>,
}

fn point() -> char {
    '.'
}

impl Mapping {
    /// Reads a mapping.
    pub fn parse(text: &str) -> Result<Self> {
        let mapping: Self = toml::from_str(text).map_err(|fault| AppError::input("mapping", fault.to_string()))?;
        if !mapping.fields.contains_key("externalKey") {
            return Err(AppError::input("mapping", "must say what externalKey is made of"));
        }
        Ok(mapping)
    }

    /// What is made where a name in this field is not known.
    pub(super) fn create(&self, field: &str) -> Option<&Create> {
        self.fields.get(field)?.create.as_ref()
    }
}
