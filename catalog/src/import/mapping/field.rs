//! A field of a mapping: which columns it comes from and how they are converted. Numbers, ranges and money may stand in
//! prose: "124,980", "2–4 hours per week", "Verified Certificate for $49 USD".

use std::collections::BTreeMap;

use iso_currency::Currency;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::input::{ValidationCode, ValidationError, text};

/// Source of a field. Exactly one of `from` and `constant` is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedField {
    /// Column, or several columns whose texts are joined. Empty texts are left out.
    #[serde(default)]
    pub from: OneOrMore,
    /// Separator between joined columns.
    #[serde(default = "space")]
    join: String,
    /// Constant value for every row.
    pub constant: Option<Value>,
    /// Separator between the items of a list.
    split: Option<String>,
    /// Replacements: an item becomes one or more others.
    values: Option<BTreeMap<String, OneOrMore>>,
    /// Whether an item matches an entry of `values` that it starts with.
    #[serde(default)]
    prefix: bool,
    /// What happens to an item that is not in `values`.
    #[serde(default)]
    otherwise: Fallback,
    /// What to extract from the text.
    #[serde(default)]
    read: Extract,
    /// Currency of money that names none.
    currency: Option<String>,
    /// Whether a text that is too long is shortened to its limit, with an ellipsis.
    #[serde(default)]
    truncate: bool,
    /// Whether a row without a value is rejected.
    #[serde(default)]
    required: bool,
    /// How to create things that do not exist.
    pub create: Option<Create>,
}

/// One name or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        OneOrMore::Many(Vec::new())
    }
}

impl OneOrMore {
    pub(super) fn all(&self) -> &[String] {
        match self {
            OneOrMore::One(name) => std::slice::from_ref(name),
            OneOrMore::Many(names) => names,
        }
    }
}

/// What happens to an item that is not in `values`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Fallback {
    /// The row is rejected.
    #[default]
    Refuse,
    /// The item stays as it is.
    Keep,
    /// The item is left out.
    Drop,
}

/// What to extract from a text.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Extract {
    /// The whole text.
    #[default]
    Text,
    /// Its first number.
    Number,
    /// Its one or two numbers.
    Range,
    /// Its first number, with a currency.
    Money,
    /// The whole text, parsed as JSON.
    Json,
}

/// How to create a subject, skill or partner that does not exist.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// Kind of the new thing. Subjects have none.
    pub kind: Option<String>,
    /// Kinds of particular names, which override `kind`.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
}

fn space() -> String {
    " ".to_owned()
}

/// Fields that hold a list of words.
const LIST_FIELDS: [&str; 11] = [
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
const OBJECT_FIELDS: [&str; 4] = ["prerequisiteSkills", "awards", "financing", "offerings"];

/// Maximum length of a field that may be truncated, in characters.
fn limit(field: &str) -> Option<usize> {
    match field {
        "externalKey" | "title" => Some(text::MAX_NAME_CHARS),
        "summary" => Some(text::MAX_SUMMARY_CHARS),
        "description" => Some(text::MAX_DESCRIPTION_CHARS),
        "prerequisiteNote" => Some(text::MAX_NOTE_CHARS),
        _ => None,
    }
}

/// What is wrong with a value, as a message for people.
type FieldError = String;

impl MappedField {
    /// Field for a column in Lectern's own format: list items separated by bars, objects as JSON.
    pub(super) fn own(column: &str) -> Self {
        let from = OneOrMore::One(column.to_owned());
        let split = LIST_FIELDS.contains(&column).then(|| "|".to_owned());
        let read = if OBJECT_FIELDS.contains(&column) { Extract::Json } else { Extract::Text };
        Self { from, split, read, join: space(), ..Self::default() }
    }

    /// What is wrong with the field as a part of a mapping.
    pub(super) fn check_options(&self, field: &str) -> Option<&'static str> {
        if self.from.all().is_empty() != self.constant.is_some() {
            return Some("must have either from or constant");
        }
        if self.truncate && limit(field).is_none() {
            return Some("cannot be truncated");
        }
        None
    }

    /// Converts the texts of its columns to a value; null if they are empty.
    pub(super) fn value(&self, field: &str, texts: &[&str], decimal: char) -> Result<Value, ValidationError> {
        if let Some(constant) = &self.constant {
            return Ok(constant.clone());
        }
        let texts: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let text = texts.join(&self.join);
        let path = || field.split('.').map(str::to_owned).collect();
        if text.is_empty() && self.required {
            let rule = "the column is empty".to_owned();
            return Err(ValidationError { path: path(), code: ValidationCode::Required, rule });
        }
        let value = if text.is_empty() { Ok(Value::Null) } else { self.of_text(field, &text, decimal) };
        value.map_err(|rule| ValidationError { path: path(), code: ValidationCode::Invalid, rule })
    }

    fn of_text(&self, field: &str, text: &str, decimal: char) -> Result<Value, FieldError> {
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
        if LIST_FIELDS.contains(&field) {
            return Ok(values.into());
        }
        match values.len() {
            0 => Ok(Value::Null),
            1 => Ok(values.remove(0)),
            _ => Err("must be one value".to_owned()),
        }
    }

    fn words(&self, item: &str) -> Result<Vec<String>, FieldError> {
        let Some(values) = &self.values else { return Ok(vec![item.to_owned()]) };
        let found = values.iter().find(|(word, _)| *word == item || self.prefix && item.starts_with(word.as_str()));
        match (found, self.otherwise) {
            (Some((_, words)), _) => Ok(words.all().to_vec()),
            (None, Fallback::Keep) => Ok(vec![item.to_owned()]),
            (None, Fallback::Drop) => Ok(Vec::new()),
            (None, Fallback::Refuse) => Err(format!("\"{}\" is none of the values in the mapping", shown(item))),
        }
    }

    fn read(&self, field: &str, word: &str, decimal: char) -> Result<Value, FieldError> {
        let found = match self.read {
            Extract::Text => Some(self.cut(field, word).into()),
            Extract::Number => first_number(word, decimal).map(Value::String),
            Extract::Range => number_range(word, decimal),
            Extract::Money => amount_of_money(word, decimal, self.currency.as_deref()),
            Extract::Json => serde_json::from_str(word).ok(),
        };
        let wanted = match self.read {
            Extract::Text | Extract::Number => "number",
            Extract::Range => "one or two numbers",
            Extract::Money => "amount with a currency",
            Extract::Json => "JSON",
        };
        found.ok_or_else(|| format!("\"{}\" holds no {wanted}", shown(word)))
    }

    fn cut(&self, field: &str, word: &str) -> String {
        match limit(field) {
            Some(limit) if self.truncate => text::truncate(word, limit),
            Some(_) | None => word.to_owned(),
        }
    }
}

/// Shortens a value for a message.
fn shown(value: &str) -> String {
    text::truncate(value, 60)
}

/// First number of a text in plain decimal form, without thousands separators. `decimal` is the decimal separator.
fn first_number(text: &str, decimal: char) -> Option<String> {
    numbers(text, decimal).into_iter().next()
}

/// The one or two numbers of a text as a range.
fn number_range(text: &str, decimal: char) -> Option<Value> {
    match numbers(text, decimal).as_slice() {
        [only] => Some(json!({ "min": only, "max": only })),
        [min, max] => Some(json!({ "min": min, "max": max })),
        _ => None,
    }
}

/// First number of a text as an amount of money. The currency is the code named in the text, or else `otherwise`. A
/// sign such as $ is not enough, because a dozen currencies share it.
fn amount_of_money(text: &str, decimal: char, otherwise: Option<&str>) -> Option<Value> {
    let code = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| Currency::from_code(word).is_some());
    let currency = code.or(otherwise)?;
    Some(json!({ "amount": first_number(text, decimal)?, "currency": currency }))
}

fn numbers(text: &str, decimal: char) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let runs = text.split(|c: char| !is_part(c)).map(|run| run.trim_matches(|c: char| !c.is_ascii_digit()));
    runs.filter(|run| !run.is_empty()).map(|run| plain(run, decimal)).collect()
}

fn plain(run: &str, decimal: char) -> String {
    run.chars().filter(|c| c.is_ascii_digit() || *c == decimal).map(|c| if c == decimal { '.' } else { c }).collect()
}
