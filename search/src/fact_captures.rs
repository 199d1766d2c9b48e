//! Placeholders of the phrases that state facts, and the filters that they are filled into. Does not belong here: how
//! phrases are recognized.

mod numbers;

use chrono::{Datelike, Months, NaiveDate};
use iso_currency::Currency;
use serde_json::{Map, Value};

pub(super) use self::numbers::{Number, TEN_THOUSAND, TextWord, gaps, number};

/// Values of the placeholders of a phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct Captures {
    pub(super) number: Option<Number>,
    pub(super) currency: Option<String>,
    pub(super) month: Option<u32>,
    pub(super) year: Option<i32>,
}

impl Captures {
    /// Fills the placeholders of a filter; `None` if a value is impossible.
    pub(super) fn fill(&self, filter: &Value, today: NaiveDate) -> Option<Value> {
        Some(match filter {
            Value::Array(values) => {
                values.iter().map(|value| self.fill(value, today)).collect::<Option<Vec<_>>>()?.into()
            }
            Value::Object(fields) => {
                let filled = fields.iter().map(|(name, value)| Some((name.clone(), self.fill(value, today)?)));
                Value::Object(filled.collect::<Option<Map<_, _>>>()?)
            }
            Value::String(text) => match text.as_str() {
                "{number}" => i32::try_from(self.number?.whole()?).ok()?.into(),
                "{amount}" => self.number?.to_string().into(),
                "{currency}" => self.currency.clone().unwrap_or_else(|| text.clone()).into(),
                "{month_first}" => self.month_start(today)?.to_string().into(),
                "{month_last}" => (self.month_start(today)? + Months::new(1)).pred_opt()?.to_string().into(),
                _ => text.clone().into(),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) => filter.clone(),
        })
    }

    /// First day of the month: of the named year, else the next time that the month is not over.
    fn month_start(&self, today: NaiveDate) -> Option<NaiveDate> {
        let month = self.month?;
        let next = if month < today.month() { today.year() + 1 } else { today.year() };
        NaiveDate::from_ymd_opt(self.year.unwrap_or(next), month, 1)
    }
}

/// Puts a currency into a filter without one. Amounts have no decimals if the currency has none.
pub(super) fn with_currency(filter: &Value, currency: &str) -> Value {
    let captures = Captures { currency: Some(currency.to_owned()), ..Captures::default() };
    let filled = captures.fill(filter, NaiveDate::default()).unwrap_or_default();
    let decimals = Currency::from_code(currency).and_then(|currency| currency.exponent());
    if decimals == Some(0) { without_decimals(filled) } else { filled }
}

fn without_decimals(filter: Value) -> Value {
    match filter {
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without_decimals(value))).collect(),
        Value::String(text) => text.split('.').next().unwrap_or_default().into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => filter,
    }
}

/// Whether a filter has a placeholder.
pub(super) fn mentions(filter: &Value, placeholder: &str) -> bool {
    match filter {
        Value::Array(values) => values.iter().any(|value| mentions(value, placeholder)),
        Value::Object(fields) => fields.values().any(|value| mentions(value, placeholder)),
        Value::String(text) => text == placeholder,
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
