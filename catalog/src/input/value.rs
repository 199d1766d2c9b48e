//! Numbers, dates, enum values and other scalars. Formats that only know text may write each of them as text.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use iso_currency::Currency;
use rust_decimal::Decimal;
use sea_orm::{ActiveEnum, Iterable};
use serde_json::Value;

use super::error::{ValidationCode, Violation};
use super::{InputReader, text};
use crate::values::{self, Money};

/// Reads an integer in a range.
pub fn whole(range: RangeInclusive<i32>) -> impl Fn(&Value) -> Result<i32, Violation> {
    move |value| {
        let number = match value {
            // Tables with empty cells keep whole numbers as 4.0.
            Value::Number(number) => number.as_i64().or_else(|| whole_of(&number.to_string())),
            Value::String(text) => text.trim().parse().ok().or_else(|| whole_of(text.trim())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let number = number.ok_or_else(|| Violation::invalid("must be a whole number"))?;
        let fits = i32::try_from(number).ok().filter(|number| range.contains(number));
        fits.ok_or_else(|| Violation::range(format!("must be {} to {}", range.start(), range.end())))
    }
}

/// Whole number with a fraction of zeros.
fn whole_of(text: &str) -> Option<i64> {
    let (number, zeros) = text.split_once('.')?;
    number.parse().ok().filter(|_| !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0'))
}

/// Reads a Boolean.
pub fn boolean(value: &Value) -> Result<bool, Violation> {
    let text = value.as_str().unwrap_or_default().trim();
    match value {
        Value::Bool(value) => Ok(*value),
        // Spreadsheets turn them into capital letters.
        Value::String(_) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(_) if text.eq_ignore_ascii_case("false") => Ok(false),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Err(Violation::invalid("must be true or false"))
        }
    }
}

/// Reads an enum value by its name.
pub fn member<T: ActiveEnum<Value = String> + Iterable>(value: &Value) -> Result<T, Violation> {
    let found = value.as_str().and_then(|name| T::try_from_value(&name.to_owned()).ok());
    let names = || T::iter().map(|member| member.to_value()).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Violation::invalid(format!("must be one of {}", names())))
}

/// Significant digits of a decimal number that a float always keeps.
const FLOAT_DIGITS: usize = 15;

/// Reads an exact decimal number. A JSON number with a fraction has been through a float, which keeps 15 digits: one
/// with more is an error.
pub fn decimal(value: &Value) -> Result<Decimal, Violation> {
    let rule = || Violation::invalid("must be a decimal number as a text, e.g. \"19999.00\"");
    match value {
        Value::String(text) => values::decimal(text.trim()).ok_or_else(rule),
        Value::Number(number) => {
            let text = number.to_string();
            let is_exact = text.chars().filter(char::is_ascii_digit).count() <= FLOAT_DIGITS;
            let float = || values::decimal(&text).filter(|_| is_exact);
            number.as_i64().map(Decimal::from).or_else(float).ok_or_else(rule)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(rule()),
    }
}

/// Reads a non-negative decimal number with at most four decimals, in ten-thousandths.
pub fn e4(most: i64) -> impl Fn(&Value) -> Result<i64, Violation> {
    move |value| {
        let number = values::to_e4(decimal(value)?).filter(|number| (0..=most * 10_000).contains(number));
        number.ok_or_else(|| Violation::range(format!("must be 0 to {most} with at most four decimals")))
    }
}

/// Reads a date.
pub fn date(value: &Value) -> Result<NaiveDate, Violation> {
    let date = value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse::<NaiveDate>().ok());
    let date = date.filter(|date| (1..=9999).contains(&date.year()));
    date.ok_or_else(|| Violation::invalid("must be a date, e.g. 2026-05-01"))
}

/// Reads a text that a function can parse.
pub fn kind<T>(parse: fn(&str) -> Option<T>, rule: &'static str) -> impl Fn(&Value) -> Result<T, Violation> {
    move |value| value.as_str().and_then(|text| parse(text.trim())).ok_or_else(|| Violation::invalid(rule))
}

/// Reads a language tag.
pub fn language(value: &Value) -> Result<String, Violation> {
    let text = value.as_str().unwrap_or_default().trim();
    values::language(text).ok_or_else(|| {
        let hint = values::tag_of_name(text).map(|tag| format!("; for {} write {tag}", text::truncate(text, 40)));
        let rule = "must be a registered language tag of BCP 47, e.g. en or pt-BR";
        Violation::invalid(format!("{rule}{}", hint.unwrap_or_default()))
    })
}

/// Reads a country code.
pub fn country(value: &Value) -> Result<String, Violation> {
    kind(|code| values::country(code).map(str::to_owned), "must be a country of ISO 3166-1 alpha-2, e.g. US")(value)
}

/// Reads a currency code.
pub fn currency(value: &Value) -> Result<Currency, Violation> {
    kind(values::currency, "must be a currency of ISO 4217, e.g. USD")(value)
}

/// Reads an absolute web address.
pub fn web_address(value: &Value) -> Result<String, Violation> {
    kind(values::web_address, "must be an absolute http or https address of at most 2000 characters")(value)
}

/// Reads an email address and returns its canonical form, in which addresses are compared.
pub fn email(value: &Value) -> Result<String, Violation> {
    // Not trimmed like other values: a line break is never part of an address.
    value.as_str().and_then(values::email).ok_or_else(|| {
        Violation::invalid("must be an e-mail address in ASCII of at most 254 characters, e.g. ann@example.org")
    })
}

/// Reads a date of any precision: year, month or day.
pub fn partial_date(value: &Value) -> Result<String, Violation> {
    kind(values::partial_date, "must be a year, a month or a day: 2023, 2022-03 or 2022-03-14")(value)
}

/// Ends of a range, at least one of which is present.
pub type Ends<T> = (Option<T>, Option<T>);

/// Reads both ends of a range from an object with `min` and `max`.
pub fn range<T: PartialOrd + Copy>(
    reader: &mut InputReader<'_>,
    check: impl Fn(&Value) -> Result<T, Violation>,
) -> Option<Ends<T>> {
    let ends = (reader.nullable("min", &check).value(), reader.nullable("max", &check).value());
    match ends {
        (Some(min), Some(max)) if min > max => {
            reader.add_error("min", ValidationCode::OutOfRange, "must not be above max");
            None
        }
        ends => Some(ends),
    }
}

/// Reads an amount of money from an object with `amount` and `currency`.
pub fn money(reader: &mut InputReader<'_>) -> Option<Money> {
    let (amount, currency) = (reader.required("amount", decimal), reader.required("currency", currency));
    let (amount, currency) = (amount?, currency?);
    let money = Money::from_decimal(amount, currency).filter(|money| money.minor >= 0);
    if money.is_none() {
        let decimals = values::decimals(currency);
        reader.add_error(
            "amount",
            ValidationCode::OutOfRange,
            format!("must be 0 or more with at most {decimals} decimals"),
        );
    }
    money
}
