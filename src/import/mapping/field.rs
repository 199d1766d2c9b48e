//! One field of a mapping: from which columns it comes and what is done to them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::cell;
use crate::form::text;
use crate::form::{Fault, FaultCode};

/// Where a field comes from. Exactly one of `from` and `constant` is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Field {
    /// The column, or several whose texts are joined; those that are empty are left out.
    #[serde(default)]
    pub from: Names,
    /// What stands between joined columns.
    #[serde(default = "space")]
    join: String,
    /// The same value for every row.
    pub constant: Option<Value>,
    /// What stands between the items of a list.
    split: Option<String>,
    /// Other words for values: an item is replaced by one or more.
    values: Option<BTreeMap<String, Names>>,
    /// Whether a value is one of `values` where it begins like it.
    #[serde(default)]
    prefix: bool,
    /// What becomes of a value that is not one of `values`.
    #[serde(default)]
    otherwise: Otherwise,
    /// What is read out of the text.
    #[serde(default)]
    read: Read,
    /// The currency of money that names none.
    currency: Option<String>,
    /// Whether a text that is too long is cut at its limit, with an ellipsis.
    #[serde(default)]
    truncate: bool,
    /// Whether a row without it is refused.
    #[serde(default)]
    required: bool,
    /// What is made of a name that does not exist.
    pub create: Option<Create>,
}

/// One name or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::import) enum Names {
    One(String),
    Many(Vec<String>),
}

impl Default for Names {
    fn default() -> Self {
        Names::Many(Vec::new())
    }
}

impl Names {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Many(names) => names,
        }
    }
}

/// What becomes of a value that is not listed.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Otherwise {
    /// The row is refused.
    #[default]
    Refuse,
    /// It stays as it is.
    Keep,
    /// It is left out.
    Drop,
}

/// What is read out of a text.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Read {
    /// All of it.
    #[default]
    Text,
    /// Its first number.
    Number,
    /// Its one or two numbers.
    Range,
    /// Its first number with its currency.
    Money,
    /// All of it, as JSON.
    Json,
}

/// How a subject, skill or partner is made that does not exist.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Create {
    /// Its kind; subjects have none.
    pub kind: Option<String>,
    /// Those of another kind.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
}

fn space() -> String {
    " ".to_owned()
}

/// Fields that hold a list of words.
const LISTS: [&str; 11] = [
    "formats",
    "schedules",
    "languages",
    "partners",
    "subjects",
    "skills",
    "prerequisiteCourses",
    "units",
    "certifications",
    "careers",
    "sources",
];

/// Fields that hold a list of objects.
const OBJECTS: [&str; 4] = ["prerequisiteSkills", "awards", "financing", "offerings"];

/// The characters that a field may have, where it may be cut.
fn limit(field: &str) -> Option<usize> {
    match field {
        "externalKey" | "title" => Some(text::NAME),
        "summary" => Some(text::SUMMARY),
        "description" => Some(text::DESCRIPTION),
        "prerequisiteNote" => Some(text::NOTE),
        _ => None,
    }
}

/// What is wrong with a value, for a person to read.
type Rule = String;

impl Field {
    /// A column of our own form: lists with bars between their items, objects as JSON.
    pub(super) fn own(column: &str) -> Self {
        let from = Names::One(column.to_owned());
        let split = LISTS.contains(&column).then(|| "|".to_owned());
        let read = if OBJECTS.contains(&column) { Read::Json } else { Read::Text };
        Self { from, split, read, join: space(), ..Self::default() }
    }

    /// What is wrong with it as a part of a mapping.
    pub(super) fn misuse(&self, field: &str) -> Option<&'static str> {
        if self.from.all().is_empty() != self.constant.is_some() {
            return Some("must have either from or constant");
        }
        if self.truncate && limit(field).is_none() {
            return Some("cannot be truncated");
        }
        None
    }

    /// Its value from the texts of its columns; null where they are empty.
    pub(super) fn value(&self, field: &str, texts: &[&str], decimal: char) -> Result<Value, Fault> {
        if let Some(constant) = &self.constant {
            return Ok(constant.clone());
        }
        let texts: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let text = texts.join(&self.join);
        let path = || field.split('.').map(str::to_owned).collect();
        if text.is_empty() && self.required {
            return Err(Fault { path: path(), code: FaultCode::Required, rule: "the column is empty".to_owned() });
        }
        let value = if text.is_empty() { Ok(Value::Null) } else { self.of_text(field, &text, decimal) };
        value.map_err(|rule| Fault { path: path(), code: FaultCode::Invalid, rule })
    }

    fn of_text(&self, field: &str, text: &str, decimal: char) -> Result<Value, Rule> {
        let items = match &self.split {
            Some(by) => text.split(by.as_str()).map(str::trim).filter(|item| !item.is_empty()).collect(),
            None => vec![text],
        };
        let mut values = Vec::new();
        for item in items {
            for word in self.words(item)? {
                values.push(self.read(field, &word, decimal)?);
            }
        }
        if LISTS.contains(&field) {
            return Ok(values.into());
        }
        match values.len() {
            0 => Ok(Value::Null),
            1 => Ok(values.remove(0)),
            _ => Err("must be one value".to_owned()),
        }
    }

    fn words(&self, item: &str) -> Result<Vec<String>, Rule> {
        let Some(values) = &self.values else { return Ok(vec![item.to_owned()]) };
        let found = values.iter().find(|(word, _)| *word == item || self.prefix && item.starts_with(word.as_str()));
        match (found, self.otherwise) {
            (Some((_, words)), _) => Ok(words.all().to_vec()),
            (None, Otherwise::Keep) => Ok(vec![item.to_owned()]),
            (None, Otherwise::Drop) => Ok(Vec::new()),
            (None, Otherwise::Refuse) => Err(format!("\"{}\" is none of the values in the mapping", shown(item))),
        }
    }

    fn read(&self, field: &str, word: &str, decimal: char) -> Result<Value, Rule> {
        let found = match self.read {
            Read::Text => Some(self.cut(field, word).into()),
            Read::Number => cell::number(word, decimal).map(Value::String),
            Read::Range => cell::range(word, decimal),
            Read::Money => cell::money(word, decimal, self.currency.as_deref()),
            Read::Json => serde_json::from_str(word).ok(),
        };
        let wanted = match self.read {
            Read::Text | Read::Number => "number",
            Read::Range => "one or two numbers",
            Read::Money => "amount with a currency",
            Read::Json => "JSON",
        };
        found.ok_or_else(|| format!("\"{}\" holds no {wanted}", shown(word)))
    }

    fn cut(&self, field: &str, word: &str) -> String {
        match limit(field) {
            Some(limit) if self.truncate => text::cut(word, limit),
            Some(_) | None => word.to_owned(),
        }
    }
}

/// As much of a value as a report needs.
fn shown(value: &str) -> String {
    text::cut(value, 60)
}
