//! Applies a mapping to records of JSON: its fields come from paths instead of columns.

use serde_json::Value;

use super::check::check;
use super::columns::{empty_to_null, is_of_offering, put, rename_offering, within_offering};
use super::path::Path;
use super::{FieldError, MappedField, Mapping};
use crate::course::MAX_OFFERINGS;
use crate::course::write::ImportRow;
use crate::error::{AppError, Result};
use crate::import::number;
use crate::input::{Fields, ValidationCode, ValidationError, text};

/// Fields of every record of a feed, each with its paths.
pub struct Paths {
    mapping: Mapping,
    fields: Vec<(String, MappedField, Vec<Path>)>,
    offerings: Option<Path>,
    only: Vec<(Path, Vec<String>)>,
}

impl Paths {
    /// Prepares a mapping for records of JSON.
    pub fn new(mapping: Mapping) -> Result<Self> {
        let mut fields = Vec::with_capacity(mapping.fields.len());
        for (name, field) in &mapping.fields {
            let name = rename_offering(name);
            check(&name, field, mapping.records)?;
            let paths = field.from.all().iter().map(|path| parse(&format!("field {name}"), path));
            let paths = paths.collect::<Result<_>>()?;
            fields.push((name, field.clone(), paths));
        }
        let offerings =
            mapping.offerings.as_deref().map(|path| parse("offerings", &format!("{path}.*"))).transpose()?;
        if offerings.is_some() && fields.iter().any(|(name, _, _)| name == "offerings") {
            let rule = "is either a field of the mapping or a list of its own, with offerings.startsOn and so on";
            return Err(AppError::input("offerings", rule));
        }
        let only = mapping.only.iter().map(|(path, words)| Ok((parse("only", path)?, words.all().to_vec())));
        let only = only.collect::<Result<_>>()?;
        Ok(Self { fields, offerings, only, mapping })
    }

    /// The mapping itself.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Converts a record to a row. `None` if the mapping passes over it.
    pub fn row(&self, record: &Value) -> Option<ImportRow> {
        let record = self.mapping.item.as_ref().and_then(|name| record.get(name)).unwrap_or(record);
        let mut row = ImportRow::default();
        if !record.is_object() {
            return Some(ImportRow::unreadable(invalid("record", "is not a JSON object")));
        }
        if !self.only.iter().all(|(path, words)| path.leads_to(words, record)) {
            return None;
        }
        for (name, field, paths) in self.fields.iter().filter(|(name, _, _)| !is_of_offering(name)) {
            match self.value(name, field, paths, record) {
                Ok((value, _)) => put(&mut row.fields, name, value),
                Err(error) => row.errors.push(error),
            }
        }
        row.fields.values_mut().for_each(empty_to_null);
        if self.fields.iter().any(|(name, _, _)| is_of_offering(name)) {
            self.add_offerings(&mut row, record);
        }
        Some(row)
    }

    fn add_offerings(&self, row: &mut ImportRow, record: &Value) {
        let items = match &self.offerings {
            Some(path) => path.values(record),
            None => Ok(vec![record]),
        };
        let items = items.unwrap_or_else(|rule| {
            row.errors.push(invalid("offerings", rule));
            Vec::new()
        });
        let (mut offerings, mut failed) = (Vec::new(), 0);
        // One more than a course may have: the rule for lists refuses the course, and the rest need not be kept.
        for item in items.into_iter().take(MAX_OFFERINGS + 1) {
            match self.offering(item) {
                Ok(offering) => offerings.extend(offering),
                Err(mut errors) => {
                    errors.iter_mut().for_each(|error| within_offering(error, offerings.len() + failed));
                    row.errors.extend(errors);
                    failed += 1;
                }
            }
        }
        row.fields.insert("offerings".to_owned(), offerings.into());
    }

    /// Offering that an item describes. `None` if it states nothing, or no format: an item of a list whose format the
    /// mapping drops is no offering.
    fn offering(&self, item: &Value) -> Result<Option<Value>, Vec<ValidationError>> {
        let (mut fields, mut errors, mut is_stated) = (Fields::new(), Vec::new(), false);
        for (name, field, paths) in self.fields.iter().filter(|(name, _, _)| is_of_offering(name)) {
            match self.value(name, field, paths, item) {
                Ok((Value::Null, _)) if self.offerings.is_some() && name == "offerings.format" => return Ok(None),
                Ok((value, is_own)) => {
                    is_stated |= is_own && !value.is_null();
                    put(&mut fields, name, value);
                }
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        fields.values_mut().for_each(empty_to_null);
        Ok(fields.remove("offerings").filter(|offering| is_stated && !offering.is_null()))
    }

    /// Value of a field, and whether the record states it.
    fn value(
        &self,
        name: &str,
        field: &MappedField,
        paths: &[Path],
        record: &Value,
    ) -> Result<(Value, bool), ValidationError> {
        let wrong = |rule: FieldError| ValidationError {
            path: name.split('.').map(str::to_owned).collect(),
            code: ValidationCode::Invalid,
            rule,
        };
        if field.is_json() {
            let mut values = Vec::new();
            for path in paths {
                values.extend(path.values(record).map_err(wrong)?.into_iter().filter(|value| !is_empty(value)));
            }
            let value = match values.as_slice() {
                [] => Value::Null,
                [value] => (*value).clone(),
                values => values.iter().map(|value| (*value).clone()).collect(),
            };
            return Ok((value, !values.is_empty()));
        }
        let mut texts = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            match self.texts(path, record, field.is_list(name)) {
                Ok(found) if found.len() > 1 && field.takes_one(name) => {
                    return Err(wrong(format!("{} leads to several values, where one is wanted", path.text())));
                }
                Ok(found) => texts.extend(found),
                // The first paths may be for another form of the same value.
                Err(_) if field.is_first() && index + 1 < paths.len() => {}
                Err(rule) => return Err(wrong(rule)),
            }
            if field.is_first() && !texts.is_empty() {
                break;
            }
        }
        let is_stated = !texts.is_empty();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Ok((field.value_of_items(name, &texts, self.mapping.decimal)?, is_stated))
    }

    fn texts(&self, path: &Path, record: &Value, is_list: bool) -> Result<Vec<String>, FieldError> {
        let mut texts = Vec::new();
        for value in path.values(record)? {
            let items = value.as_array().filter(|_| is_list);
            for item in items.map_or(std::slice::from_ref(value), Vec::as_slice) {
                texts.extend(self.text(item)?);
            }
        }
        Ok(texts)
    }

    /// Text of a single value. `None` if it is empty.
    fn text(&self, value: &Value) -> Result<Option<String>, FieldError> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number::text(number, self.mapping.decimal),
            Value::String(text) => text.clone(),
            Value::Array(_) => return Err(format!("{} is a list: end its path with .* or .0", shown(value))),
            Value::Object(_) => return Err(format!("{} is an object: go on with the path", shown(value))),
        };
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }
}

fn shown(value: &Value) -> String {
    text::truncate(&value.to_string(), 60)
}

fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn parse(place: &str, path: &str) -> Result<Path> {
    Path::parse(path).map_err(|rule| AppError::input(place, rule))
}

fn invalid(field: &str, rule: impl Into<String>) -> ValidationError {
    ValidationError::of(field, ValidationCode::Invalid, rule)
}
