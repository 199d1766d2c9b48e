//! Reads loosely typed input (a JSON object or a CSV record) field by field into checked values. All validation errors
//! are collected, each with its path. Does not belong here: database access, and anything specific to one kind of
//! listing.

mod error;
mod patch;
pub mod text;
pub mod value;

use serde_json::{Map, Value};

pub use error::{ValidationCode, ValidationError, Violation};
pub use patch::Patch;

/// Input fields: an absent field leaves the value as it is, null clears it, and anything else is validated.
pub type Fields = Map<String, Value>;

/// Reader of one input object. Fields that nobody reads are reported at the end, so that a misspelt field is not lost
/// silently.
pub struct InputReader<'a> {
    fields: &'a Fields,
    path: Vec<String>,
    read_fields: Vec<&'static str>,
    errors: Vec<ValidationError>,
}

impl<'a> InputReader<'a> {
    /// Reads a whole object.
    pub fn read<T>(fields: &'a Fields, read: impl FnOnce(&mut InputReader<'a>) -> T) -> (T, Vec<ValidationError>) {
        Self::read_at(fields, Vec::new(), read)
    }

    /// Names of the fields that a reader reads.
    pub fn fields_of<T>(read: impl FnOnce(&mut InputReader<'_>) -> T) -> Vec<&'static str> {
        let fields = Fields::new();
        let mut reader = InputReader { fields: &fields, path: Vec::new(), read_fields: Vec::new(), errors: Vec::new() };
        read(&mut reader);
        reader.read_fields
    }

    /// Reads an object nested in a larger one.
    pub fn read_at<T>(
        fields: &'a Fields,
        path: Vec<String>,
        read: impl FnOnce(&mut InputReader<'a>) -> T,
    ) -> (T, Vec<ValidationError>) {
        let mut reader = Self { fields, path, read_fields: Vec::new(), errors: Vec::new() };
        let value = read(&mut reader);
        let unknown = fields.keys().filter(|name| !reader.read_fields.contains(&name.as_str()));
        let unknown: Vec<String> = unknown.cloned().collect();
        for name in unknown {
            reader.add_error(&name, ValidationCode::Invalid, "there is no such field");
        }
        (value, reader.errors)
    }

    /// Path of this object in the whole input.
    pub fn path(&self) -> Vec<String> {
        self.path.clone()
    }

    /// Records a validation error for a field.
    pub fn add_error(&mut self, field: &str, code: ValidationCode, rule: impl Into<String>) {
        self.add_error_at(&[field], code, rule);
    }

    fn add_error_at(&mut self, steps: &[&str], code: ValidationCode, rule: impl Into<String>) {
        self.errors.push(ValidationError { path: self.path_of(steps), code, rule: rule.into() });
    }

    fn path_of(&self, steps: &[&str]) -> Vec<String> {
        self.path.iter().cloned().chain(steps.iter().map(|step| (*step).to_owned())).collect()
    }

    fn field(&mut self, field: &'static str) -> Option<&'a Value> {
        self.read_fields.push(field);
        self.fields.get(field)
    }

    /// Whether a field has a value, valid or not.
    pub fn has_value(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(|value| !value.is_null())
    }

    /// Reads a field that may be absent or null.
    pub fn nullable<T>(&mut self, field: &'static str, check: impl FnOnce(&Value) -> Result<T, Violation>) -> Patch<T> {
        match self.field(field) {
            None => Patch::Absent,
            Some(Value::Null) => Patch::Null,
            Some(value) => match check(value) {
                Ok(value) => Patch::Value(value),
                Err(violation) => {
                    self.add_error(field, violation.code, violation.text);
                    Patch::Absent
                }
            },
        }
    }

    /// Reads a field that may be absent but not null.
    pub fn optional<T>(
        &mut self,
        field: &'static str,
        check: impl FnOnce(&Value) -> Result<T, Violation>,
    ) -> Option<T> {
        match self.nullable(field, check) {
            Patch::Value(value) => Some(value),
            Patch::Absent => None,
            Patch::Null => {
                self.add_error(field, ValidationCode::Required, "must not be null");
                None
            }
        }
    }

    /// Reads a required field.
    pub fn required<T>(
        &mut self,
        field: &'static str,
        check: impl FnOnce(&Value) -> Result<T, Violation>,
    ) -> Option<T> {
        if !self.fields.contains_key(field) {
            self.add_error(field, ValidationCode::Required, "must be given");
        }
        self.optional(field, check)
    }

    /// Reads a list of at most `max` values; null is the empty list.
    pub fn list<T>(
        &mut self,
        field: &'static str,
        max: usize,
        mut check: impl FnMut(&Value) -> Result<T, Violation>,
    ) -> Patch<Vec<T>> {
        self.items(field, max, |reader, index, value| match check(value) {
            Ok(value) => Some(value),
            Err(violation) => {
                reader.add_error_at(&[field, &index.to_string()], violation.code, violation.text);
                None
            }
        })
    }

    /// Reads a nested object.
    pub fn object<T>(&mut self, field: &'static str, read: impl FnOnce(&mut InputReader<'a>) -> Option<T>) -> Patch<T> {
        match self.field(field) {
            None => Patch::Absent,
            Some(Value::Null) => Patch::Null,
            Some(value) => self.object_at(&[field], value, read).map_or(Patch::Absent, Patch::Value),
        }
    }

    /// Reads a list of at most `max` objects; null is the empty list.
    pub fn objects<T>(
        &mut self,
        field: &'static str,
        max: usize,
        read: impl Fn(&mut InputReader<'a>) -> Option<T>,
    ) -> Patch<Vec<T>> {
        self.items(field, max, |reader, index, value| reader.object_at(&[field, &index.to_string()], value, &read))
    }

    fn items<T>(
        &mut self,
        field: &'static str,
        max: usize,
        mut item: impl FnMut(&mut Self, usize, &'a Value) -> Option<T>,
    ) -> Patch<Vec<T>> {
        match self.field(field) {
            None => Patch::Absent,
            Some(Value::Null) => Patch::Value(Vec::new()),
            Some(Value::Array(values)) if values.len() <= max => {
                let items = values.iter().enumerate().filter_map(|(index, value)| item(self, index, value));
                Patch::Value(items.collect())
            }
            Some(Value::Array(_)) => {
                self.add_error(field, ValidationCode::TooLong, format!("must have at most {max} items"));
                Patch::Absent
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                self.add_error(field, ValidationCode::Invalid, "must be a list");
                Patch::Absent
            }
        }
    }

    fn object_at<T>(
        &mut self,
        steps: &[&str],
        value: &'a Value,
        read: impl FnOnce(&mut InputReader<'a>) -> Option<T>,
    ) -> Option<T> {
        let Value::Object(fields) = value else {
            self.add_error_at(steps, ValidationCode::Invalid, "must be an object");
            return None;
        };
        let (value, errors) = InputReader::read_at(fields, self.path_of(steps), read);
        let whole = errors.is_empty();
        self.errors.extend(errors);
        value.filter(|_| whole)
    }
}
