//! Parses a line of JSON strictly: a duplicate name in an object is an error, where serde_json silently takes the last
//! one. Error messages are our own.

use std::fmt::Formatter;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::input::{Fields, ValidationCode, ValidationError};

/// Maximum depth of a record.
const MAX_DEPTH: usize = 100;
const TOO_DEEP: &str = "is nested more than 100 levels deep";
/// Fields that say themselves that they must not be empty.
const REQUIRED_FIELDS: [&str; 3] = ["externalKey", "title", "kind"];

/// Parses the value of a record and reports duplicate names; an error says why there is no value.
pub(super) fn value(record: &[u8]) -> Result<(Value, Vec<ValidationError>), ValidationError> {
    let mut errors = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(record);
    let node = Node { path: &mut Vec::new(), errors: &mut errors };
    let value = node.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(value) => Ok((value, errors)),
        Err(error) if error.to_string().starts_with(TOO_DEEP) => Err(wrong(TOO_DEEP)),
        Err(error) => Err(wrong(format!("is not JSON: it cannot be read at column {}", error.column()))),
    }
}

/// Parses a record that is a course in the form of an import.
pub(super) fn object(record: &[u8]) -> Result<(Fields, Vec<ValidationError>), ValidationError> {
    let (value, errors) = value(record)?;
    let Value::Object(mut fields) = value else { return Err(wrong("is not a JSON object")) };
    name_by_number(&mut fields);
    let optional = fields.iter_mut().filter(|(name, _)| !REQUIRED_FIELDS.contains(&name.as_str()));
    optional.for_each(|(_, value)| _ = clear_empty(value));
    Ok((fields, errors))
}

/// Replaces empty texts by null, which databases write for what they do not know, and drops them from lists. An object
/// that holds nothing else becomes null itself. Returns whether there were any.
fn clear_empty(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.trim().is_empty() => {
            *value = Value::Null;
            true
        }
        Value::Array(items) => {
            items.retain(|item| item.as_str().is_none_or(|text| !text.trim().is_empty()));
            items.iter_mut().for_each(|item| _ = clear_empty(item));
            false
        }
        Value::Object(fields) => {
            let cleared = fields.values_mut().map(clear_empty).filter(|is_cleared| *is_cleared).count();
            let is_empty = cleared > 0 && fields.values().all(Value::is_null);
            if is_empty {
                *value = Value::Null;
            }
            is_empty
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A whole number as key is a text: databases number their records.
fn name_by_number(fields: &mut Fields) {
    if let Some(Value::Number(number)) = fields.get("externalKey")
        && (number.is_u64() || number.is_i64())
    {
        let key = number.to_string();
        fields.insert("externalKey".to_owned(), key.into());
    }
}

fn wrong(rule: impl Into<String>) -> ValidationError {
    ValidationError::of("record", ValidationCode::Invalid, rule)
}

/// Value being read, with its path.
struct Node<'a> {
    path: &'a mut Vec<String>,
    errors: &'a mut Vec<ValidationError>,
}

impl Node<'_> {
    fn check_depth<E: Error>(&self) -> Result<(), E> {
        if self.path.len() < MAX_DEPTH { Ok(()) } else { Err(E::custom(TOO_DEEP)) }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        self.check_depth()?;
        loop {
            self.path.push(list.len().to_string());
            let item = items.next_element_seed(Node { path: self.path, errors: self.errors })?;
            self.path.pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(list.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut fields = Fields::new();
        self.check_depth()?;
        while let Some(name) = pairs.next_key::<String>()? {
            self.path.push(name.clone());
            if fields.contains_key(&name) {
                let rule = "stands twice in one object".to_owned();
                self.errors.push(ValidationError { path: self.path.clone(), code: ValidationCode::Duplicate, rule });
            }
            let value = pairs.next_value_seed(Node { path: self.path, errors: self.errors })?;
            self.path.pop();
            fields.insert(name, value);
        }
        Ok(fields.into())
    }
}
