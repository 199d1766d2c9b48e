//! Types of single values: the name in the schema, the rule, and how the change log shows a value.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{ActiveEnum, Iterable};
use serde_json::Value;

use crate::input::{Violation, text, value};
use crate::values::from_e4;

type Check<T> = Box<dyn Fn(&Value) -> Result<T, Violation> + Send + Sync>;

/// Type of a value.
pub struct ValueType<T> {
    /// Name in the schema.
    pub(super) name: &'static str,
    pub(super) check: Check<T>,
    pub(super) show: fn(&T) -> Value,
}

impl<T: Clone + Into<Value>> ValueType<T> {
    /// A type with this name in the schema and this rule.
    pub fn new(name: &'static str, check: impl Fn(&Value) -> Result<T, Violation> + Send + Sync + 'static) -> Self {
        Self { name, check: Box::new(check), show: |value| value.clone().into() }
    }
}

/// Text of one line.
pub fn line(max: usize) -> ValueType<String> {
    ValueType::new("String", text::line(max))
}

/// Text of any number of lines.
pub fn prose(max: usize) -> ValueType<String> {
    ValueType::new("String", text::prose(max))
}

/// Slug or key.
pub fn slug() -> ValueType<String> {
    ValueType::new("String", text::slug)
}

/// Integer in a range.
pub fn integer(range: RangeInclusive<i32>) -> ValueType<i32> {
    ValueType::new("Int", value::whole(range))
}

/// True or false.
pub fn boolean() -> ValueType<bool> {
    ValueType::new("Boolean", value::boolean)
}

/// Absolute web address.
pub fn web_address() -> ValueType<String> {
    ValueType::new("URL", value::web_address)
}

/// Language tag.
pub fn language() -> ValueType<String> {
    ValueType::new("LanguageCode", value::language)
}

/// Day.
pub fn date() -> ValueType<NaiveDate> {
    ValueType { name: "Date", check: Box::new(value::date), show: |day| day.to_string().into() }
}

/// Percentage of at most `max`, stored in ten-thousandths.
pub fn percent(max: i64) -> ValueType<i64> {
    let show = |e4: &i64| Decimal::to_string(&from_e4(*e4)).into();
    ValueType { name: "Decimal", check: Box::new(value::e4(max)), show }
}

/// Member of an enum, which has the same name in the schema.
pub fn choice<T: ActiveEnum<Value = String> + Iterable + 'static>() -> ValueType<T> {
    ValueType { name: name_of::<T>(), check: Box::new(value::member), show: |member| member.to_value().into() }
}

/// Name of a type, without its path.
pub(super) fn name_of<T>() -> &'static str {
    let path = std::any::type_name::<T>();
    path.rsplit_once("::").map_or(path, |(_, name)| name)
}
