//! Dates in the formats that a mapping declares.

use std::fmt::Write;

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

use super::FieldError;
use crate::input::text;

/// Years that a catalogue can speak of. Others come from a format that does not fit, e.g. 26 as a year.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Whether a format, as `strftime` has them, tells day, month and year.
pub(super) fn is_format(format: &str) -> bool {
    if StrftimeItems::new(format).any(|item| item == Item::Error) {
        return false;
    }
    let Some(day) = NaiveDate::from_ymd_opt(2026, 5, 23) else { return false };
    let mut written = String::new();
    let is_written = write!(written, "{}", NaiveDateTime::new(day, NaiveTime::MIN).and_utc().format(format)).is_ok();
    is_written && NaiveDate::parse_from_str(&written, format) == Ok(day)
}

/// Reads a date in one of these formats. If several fit, they must mean the same day.
pub(super) fn date(word: &str, formats: &[String]) -> Result<Value, FieldError> {
    let read = |format: &String| NaiveDate::parse_from_str(word, format).ok();
    let mut days: Vec<NaiveDate> = formats.iter().filter_map(read).filter(|day| YEARS.contains(&day.year())).collect();
    days.dedup();
    match days.as_slice() {
        [day] => Ok(day.to_string().into()),
        [] => Err(format!("is no date in the format {}", text::truncate(&formats.join(" or "), 100))),
        [_, _, ..] => Err("is a different day in each of the formats".to_owned()),
    }
}
