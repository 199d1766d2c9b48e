//! Parses a line of JSON strictly: a duplicate name in an object is an error, where serde_json silently takes the last
//! one. Error messages are our own.

use std::fmt::Formatter;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::input::{Fields, ValidationCode, ValidationError};

/// Parses the object on a line and reports duplicate names; an error says why there is no object.
pub(super) fn object(line: &[u8]) -> Result<(Fields, Vec<ValidationError>), ValidationError> {
    let mut errors = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(line);
    let node = Node { path: &mut Vec::new(), errors: &mut errors };
    let value = node.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(Value::Object(mut fields)) => {
            name_by_number(&mut fields);
            Ok((fields, errors))
        }
        Ok(_) => Err(wrong("is not a JSON object")),
        Err(error) => Err(wrong(format!("is not JSON: it cannot be read at column {}", error.column()))),
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
