//! Mapping of a foreign file to the fields of a course, of a review or of an outcome report, as a small TOML file.
//! docs/import.md describes the format.

mod check;
mod columns;
mod day;
mod duration;
mod field;
mod figure;
mod money;
mod options;
mod path;
mod paths;
mod unit;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(super) use self::columns::{Columns, heading};
use self::field::MappedField;
pub(super) use self::options::Create;
use self::options::OneOrMore;
pub(super) use self::paths::Paths;
use self::unit::Unit;
use super::layout::Layout;
use super::records::RecordKind;
use super::split::RowsLocation;
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
    /// Sheet of a workbook. By default, the only one with rows.
    sheet: Option<String>,
    /// Columns or paths, each with the texts of the records that count. Others are passed over.
    #[serde(default)]
    only: BTreeMap<String, OneOrMore>,
    /// Paths at which a JSON document that is one object may hold the records. `.` is the object itself.
    #[serde(default)]
    rows: OneOrMore,
    /// Field of each of these that holds the record, where it has one.
    item: Option<String>,
    /// Path in a record of JSON to a list of offerings. The paths of their fields begin at its items.
    offerings: Option<String>,
    /// Fields of a record, each with its source.
    fields: BTreeMap<String, MappedField>,
    /// Kind of the records, if they are no courses.
    #[serde(skip)]
    records: Option<RecordKind>,
}

/// What is wrong with a text, as a clause for people. The text is its subject.
type FieldError = String;

fn point() -> char {
    '.'
}

impl Mapping {
    /// Parses a mapping for reviews or outcome reports.
    pub fn parse_records(text: &str, kind: RecordKind) -> Result<Self> {
        let mapping = Self { records: Some(kind), ..Self::parse(text)? };
        if mapping.offerings.is_some() {
            return Err(AppError::input("mapping", "offerings are for courses"));
        }
        mapping.fields.iter().try_for_each(|(name, field)| check::check(name, field, mapping.records))?;
        Ok(mapping)
    }

    /// Parses a mapping for courses.
    pub fn parse(text: &str) -> Result<Self> {
        let mut mapping: Self = toml::from_str(text).map_err(|error| AppError::input("mapping", error.to_string()))?;
        if !mapping.fields.contains_key("externalKey") {
            return Err(AppError::input("mapping", "must say what externalKey is made of"));
        }
        if !matches!(mapping.decimal, '.' | ',') {
            return Err(AppError::input("mapping", "decimal must be \".\" or \",\""));
        }
        mapping.layout()?;
        check::check_parts(&mapping.fields.keys().map(|name| columns::rename_offering(name)).collect::<Vec<_>>())?;
        let per = mapping.fields.get("pricing.per").and_then(|field| field.constant.as_ref()?.as_str());
        let per = match per {
            Some("MONTH") => Some(Unit::Month),
            Some("YEAR") => Some(Unit::Year),
            Some(_) | None => None,
        };
        mapping.fields.get_mut("pricing.amount").into_iter().for_each(|field| field.per = per);
        Ok(mapping)
    }

    /// All that is wrong with a mapping, with the lines, as far as it follows from the mapping alone.
    pub fn faults(text: &str) -> Vec<String> {
        if let Err(error) = toml::from_str::<Self>(text) {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            return vec![format!("line {}: {}", before.matches('\n').count() + 1, error.message())];
        }
        let mapping = match Self::parse(text) {
            Ok(mapping) => mapping,
            Err(error) => return vec![error.message()],
        };
        let faults = mapping.fields.iter().filter_map(|(name, field)| {
            let fault = check::check(&columns::rename_offering(name), field, None).err()?;
            let headers = [format!("[fields.{name}"), format!("[fields.\"{name}\"")];
            let line = text.lines().position(|line| headers.iter().any(|header| line.trim().starts_with(header)));
            Some((line.map_or(0, |line| line + 1), fault.message()))
        });
        let mut faults: Vec<(usize, String)> = faults.collect();
        faults.sort();
        faults.into_iter().map(|(line, fault)| format!("line {line}: {fault}")).collect()
    }

    /// Layout that the mapping declares.
    pub(super) fn layout(&self) -> Result<Layout> {
        let wrong = |key: &'static str| move |rule: &str| AppError::input("mapping", format!("{key} {rule}"));
        let delimiter =
            self.delimiter.as_deref().map(Layout::parse_delimiter).transpose().map_err(wrong("delimiter"))?;
        let encoding = self.encoding.as_deref().map(Layout::parse_encoding).transpose().map_err(wrong("encoding"))?;
        Ok(Layout { delimiter, encoding, skip_lines: self.skip, sheet: self.sheet.clone() })
    }

    /// Sign before decimals.
    pub(super) fn decimal(&self) -> char {
        self.decimal
    }

    /// Where a JSON document has its records.
    pub(super) fn rows(&self) -> RowsLocation {
        let steps = |path: &String| path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        let paths: Vec<Vec<String>> = self.rows.all().iter().map(steps).collect();
        RowsLocation::At(if paths.is_empty() { vec![Vec::new()] } else { paths })
    }

    /// Fails if it describes JSON, for a file that is a table.
    fn check_table(&self) -> Result<()> {
        let is_json = !self.rows.all().is_empty() || self.item.is_some() || self.offerings.is_some();
        if is_json { Err(AppError::input("mapping", "rows, item and offerings are for JSON")) } else { Ok(()) }
    }

    /// How to create things that a field names and that do not exist.
    pub(super) fn create(&self, field: &str) -> Option<&Create> {
        self.fields.get(field)?.create.as_ref()
    }

    /// Whether names in a field are left out if nothing has them.
    pub(super) fn drops_unknown(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(|field| field.drop_unknown)
    }
}
