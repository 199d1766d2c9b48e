//! A field of a mapping: which columns it comes from and how they are converted.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::duration::{self, Rounding, is_duration, is_total};
use super::figure::{self, Measure};
use super::options::{Create, Extract, Fallback, OneOrMore};
use super::unit::Unit;
use super::{FieldError, day, money};
use crate::import::{html, json, names};
use crate::input::{ValidationCode, ValidationError, text};
use crate::review::validation::MAX_BODY_CHARS;
use crate::values;

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
    /// Whether only the first of several columns or paths counts that is not empty.
    #[serde(default)]
    first: bool,
    /// Constant value for every row.
    pub constant: Option<Value>,
    /// Separator between the items of a list.
    split: Option<String>,
    /// Replacements: an item becomes one or more others.
    values: Option<BTreeMap<String, OneOrMore>>,
    /// Whether an item that is none of `values` matches the longest of them that it starts with.
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
    /// Period of an amount of money, which its text may name.
    #[serde(skip)]
    pub(super) per: Option<Unit>,
    /// Formats of a date, as `strftime` has them.
    #[serde(default)]
    format: OneOrMore,
    /// How a fraction of a number becomes a whole number. By default, it is refused.
    round: Option<Rounding>,
    /// Whether a text that is too long is shortened to its limit, with an ellipsis.
    #[serde(default)]
    truncate: bool,
    /// Whether a row without a value is rejected.
    #[serde(default)]
    required: bool,
    /// How to create things that do not exist.
    pub create: Option<Create>,
    /// Whether names of things that do not exist are left out, instead of refused.
    #[serde(default)]
    pub drop_unknown: bool,
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
const OBJECT_FIELDS: [&str; 5] = ["prerequisiteSkills", "awards", "financing", "offerings", "salaries.bands"];

/// Maximum length of a field that may be truncated, in characters.
fn limit(field: &str) -> Option<usize> {
    match field {
        "externalKey" | "title" => Some(text::MAX_NAME_CHARS),
        "summary" => Some(text::MAX_SUMMARY_CHARS),
        "description" => Some(text::MAX_DESCRIPTION_CHARS),
        "prerequisiteNote" => Some(text::MAX_NOTE_CHARS),
        "body" => Some(MAX_BODY_CHARS),
        _ => None,
    }
}

/// What the figure of a field counts.
fn measure(field: &str) -> Measure {
    let field = field.strip_suffix(".min").or_else(|| field.strip_suffix(".max")).unwrap_or(field);
    match field {
        "duration.weeks" => Measure::Time(Unit::Week),
        "duration.days" => Measure::Time(Unit::Day),
        "duration.hoursPerWeek" => Measure::HoursPerWeek,
        "freeRetakeWithinMonths" => Measure::Time(Unit::Month),
        _ if [".amount", ".latitude", ".longitude", ".median"].iter().any(|end| field.ends_with(end)) => Measure::Bare,
        _ => Measure::Count,
    }
}

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
        if (self.drop_unknown || self.create.is_some()) && !names::is_name(field) {
            return Some("has no names that could be created or left out");
        }
        if self.truncate && limit(field).is_none() {
            return Some("cannot be truncated");
        }
        if self.currency.is_some() && self.read != Extract::Money {
            return Some("has a currency, which needs read = \"money\"");
        }
        if self.currency.as_deref().is_some_and(|code| !money::is_currency(code)) {
            return Some("must have a currency of ISO 4217, e.g. USD");
        }
        if !self.format.all().is_empty() && self.read != Extract::Date {
            return Some("has a format, which needs read = \"date\"");
        }
        if !self.format.all().iter().all(|format| day::is_format(format)) {
            return Some("must have a format with day, month and year, e.g. %d.%m.%Y");
        }
        if self.round.is_some() && !matches!(self.read, Extract::Number | Extract::Range | Extract::Duration) {
            return Some("is rounded, which needs read = \"number\", \"range\" or \"duration\"");
        }
        if self.read == Extract::Duration && !is_duration(field) {
            return Some("is not read as a duration: only the field duration and its parts are");
        }
        None
    }

    /// Translations of `values`, each with the value that it makes, as far as the value follows from the mapping alone.
    pub(super) fn translations(&self, field: &str) -> Vec<(&str, Value)> {
        let values = self.values.iter().flatten().filter(|_| self.read == Extract::Text && !self.truncate);
        let value = |words: &[String]| match words {
            _ if LIST_FIELDS.contains(&field) => words.into(),
            [word] => word.as_str().into(),
            words => words.into(),
        };
        let made = values.filter(|(_, words)| !words.all().is_empty());
        made.map(|(word, words)| (word.as_str(), value(words.all()))).collect()
    }

    /// Converts the texts of its columns to a value; null if they are empty.
    pub(super) fn value(&self, field: &str, texts: &[&str], decimal: char) -> Result<Value, ValidationError> {
        if let Some(constant) = &self.constant {
            return Ok(constant.clone());
        }
        let texts = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let texts: Vec<&str> = texts.take(if self.first { 1 } else { usize::MAX }).collect();
        let text = text::composed(&texts.join(&self.join));
        let path = || field.split('.').map(str::to_owned).collect();
        if text.is_empty() && self.required {
            let rule = "the column is empty".to_owned();
            return Err(ValidationError { path: path(), code: ValidationCode::Required, rule });
        }
        let value = if text.is_empty() { Ok(Value::Null) } else { self.of_text(field, &text, decimal) };
        value.map_err(|mut rule| {
            let columns = self.from.all();
            if !columns.iter().any(|column| column == field) {
                rule = format!("{rule} (column {})", text::truncate(&columns.join(", "), 100));
            }
            ValidationError { path: path(), code: ValidationCode::Invalid, rule }
        })
    }

    /// Converts the texts of a record of JSON, each of which is an item where the field is a list.
    pub(super) fn value_of_items(&self, field: &str, items: &[&str], decimal: char) -> Result<Value, ValidationError> {
        if items.is_empty() || !self.is_list(field) {
            return self.value(field, items, decimal);
        }
        let mut list: Vec<Value> = Vec::new();
        for item in items {
            if let Value::Array(values) = self.value(field, &[item], decimal)? {
                // What several items of a record share, e.g. the language of its runs, counts once.
                list.extend(values.into_iter().filter(|value| !list.contains(value)).collect::<Vec<_>>());
            }
        }
        Ok(list.into())
    }

    /// Whether the first path counts that leads to a text.
    pub(super) fn is_first(&self) -> bool {
        self.first
    }

    /// Whether the field is a list of words.
    pub(super) fn is_list(&self, field: &str) -> bool {
        LIST_FIELDS.contains(&field)
    }

    /// Whether several values cannot be joined: two figures side by side could be read as one.
    pub(super) fn takes_one(&self, field: &str) -> bool {
        !self.is_list(field) && !matches!(self.read, Extract::Text | Extract::Html | Extract::Json)
    }

    /// Whether the value is taken as JSON, whatever it is.
    pub(super) fn is_json(&self) -> bool {
        self.read == Extract::Json
    }

    fn of_text(&self, field: &str, text: &str, decimal: char) -> Result<Value, FieldError> {
        let items = match &self.split {
            Some(by) => text.split(by.as_str()).map(str::trim).filter(|item| !item.is_empty()).collect(),
            None => vec![text],
        };
        let mut values = Vec::new();
        for item in items {
            for word in self.words(item)? {
                let value = self.read(field, &word, decimal).map_err(|rule| format!("\"{}\" {rule}", shown(&word)))?;
                values.extend(Some(value).filter(|value| !value.is_null()));
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
        let begins = |(word, _): &(&String, &OneOrMore)| self.prefix && item.starts_with(word.as_str());
        let longest = || values.iter().filter(begins).max_by_key(|(word, _)| word.len()).map(|(_, words)| words);
        match (values.get(item).or_else(longest), self.otherwise) {
            (Some(words), _) => Ok(words.all().to_vec()),
            (None, Fallback::Keep) => Ok(vec![item.to_owned()]),
            (None, Fallback::Drop) => Ok(Vec::new()),
            (None, Fallback::Refuse) => Err(format!("\"{}\" is none of the values in the mapping", shown(item))),
        }
    }

    fn read(&self, field: &str, word: &str, decimal: char) -> Result<Value, FieldError> {
        match self.read {
            Extract::Text => Ok(self.cut(field, word).into()),
            Extract::Number if is_total(field) => duration::total(field, word, decimal, self.round),
            Extract::Number => self.round(field, &figure::number(word, decimal, measure(field))?).map(Value::String),
            Extract::Range => {
                let mut range = figure::range(word, decimal, measure(field))?;
                for end in range.as_object_mut().into_iter().flat_map(|ends| ends.values_mut()) {
                    *end = self.round(field, end.as_str().unwrap_or_default())?.into();
                }
                Ok(range)
            }
            Extract::Money => money::money(word, decimal, self.currency.as_deref(), self.per),
            Extract::Duration => duration::duration(field, word, decimal, self.round),
            Extract::Date if self.format.all().is_empty() => day::date(word, &["%Y-%m-%d".to_owned()]),
            Extract::Date => day::date(word, self.format.all()),
            Extract::Boolean => boolean(word),
            Extract::Language => language(word),
            Extract::Html => Ok(Some(self.cut(field, &of_html(field, word))).filter(|text| !text.is_empty()).into()),
            Extract::Json => of_json(field, word),
        }
    }

    fn round(&self, field: &str, number: &str) -> Result<String, FieldError> {
        let unit = match measure(field) {
            Measure::Bare => return Ok(number.to_owned()),
            Measure::Count => "units",
            Measure::HoursPerWeek => "hours per week",
            Measure::Time(unit) => unit.plural(),
        };
        duration::whole(values::decimal(number).ok_or("holds too large a number")?, self.round, unit)
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

fn of_html(field: &str, html: &str) -> String {
    match field {
        "description" => html::to_markdown(html),
        "summary" | "prerequisiteNote" | "body" => html::to_text(html),
        _ => html::to_line(html),
    }
}

fn of_json(field: &str, word: &str) -> Result<Value, FieldError> {
    let (value, twice) = json::value(word.as_bytes()).map_err(|_| "holds no JSON")?;
    match twice.first().and_then(|error| error.path.last()) {
        Some(name) => Err(format!("names {name} twice in one object")),
        None if value.is_object() && OBJECT_FIELDS.contains(&field) => Err("must be a list".to_owned()),
        None => Ok(value),
    }
}

fn boolean(word: &str) -> Result<Value, FieldError> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Ok(true.into()),
        "false" | "no" | "n" | "0" => Ok(false.into()),
        _ => Err("is neither yes nor no, true nor false, 1 nor 0".to_owned()),
    }
}

fn language(word: &str) -> Result<Value, FieldError> {
    let tag = values::tag_of_name(word).map(str::to_owned).or_else(|| values::language(word));
    tag.map(Value::String).ok_or_else(|| "is no language by name or registered tag, e.g. English or en".to_owned())
}
