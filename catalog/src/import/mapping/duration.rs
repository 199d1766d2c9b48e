//! Durations with their units: "6 months", "3-5 days", "1 h 30 min", "8 weeks, 5 hours per week", and those of ISO 8601.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::FieldError;
use super::figure::{self, AMBIGUOUS, Measure, figures, words};
use super::unit::{Unit, unit_of, unit_of_adverb};
use crate::values;

/// How a fraction becomes a whole number.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rounding {
    Up,
    Down,
    Nearest,
}

/// DurationPart of a duration: an amount or a range of a unit.
#[derive(Clone, Copy)]
struct DurationPart {
    min: Decimal,
    max: Decimal,
    unit: Unit,
    is_per_week: bool,
}

/// Token of a text.
enum Token {
    Number(Decimal),
    Word(String),
}

/// Reads a duration for this field: `duration`, or a field of it, which takes its own unit only. Hours and minutes are
/// one unit, and become an object with one of them.
pub(super) fn duration(
    field: &str,
    text: &str,
    decimal: char,
    rounding: Option<Rounding>,
) -> Result<Value, FieldError> {
    let parts = if text.starts_with('P') { iso(text)? } else { parts(&tokens(text, decimal)?)? };
    check_parts(&parts)?;
    let mut fields = fields(field, &parts, rounding)?;
    let Some(wanted) = field.strip_prefix("duration.") else { return Ok(fields.into()) };
    if is_total(field) && fields.len() == 1 && (fields.contains_key("hours") || fields.contains_key("minutes")) {
        return Ok(fields.into());
    }
    match fields.remove(wanted) {
        Some(value) if fields.is_empty() => Ok(value),
        Some(_) | None => Err(format!("states more or other than {wanted}; the field duration takes any unit")),
    }
}

/// Whether a field can be a duration.
pub(super) fn is_duration(field: &str) -> bool {
    ["duration", "duration.weeks", "duration.days", "duration.hoursPerWeek"].contains(&field) || is_total(field)
}

/// Whether a field is the total of a duration.
pub(super) fn is_total(field: &str) -> bool {
    ["duration.hours", "duration.minutes"].contains(&field)
}

/// Reads a number of hours or minutes, in the unit of this field or in its own.
pub(super) fn total(field: &str, text: &str, decimal: char, rounding: Option<Rounding>) -> Result<Value, FieldError> {
    let unit = if field == "duration.hours" { Unit::Hour } else { Unit::Minute };
    let number = match figure::number(text, decimal, Measure::Time(unit)) {
        Ok(number) => values::decimal(&number).ok_or("holds too large a number")?,
        Err(rule) => return duration(field, text, decimal, rounding).map_err(|_| rule),
    };
    Ok(fields(field, &[DurationPart { min: number, max: number, unit, is_per_week: false }], rounding)?.into())
}

/// Whole number of a decimal number. A fraction must be rounded by the mapping.
pub(super) fn whole(number: Decimal, rounding: Option<Rounding>, unit: &str) -> Result<String, FieldError> {
    let strategy = match rounding {
        _ if number.fract().is_zero() => RoundingStrategy::ToZero,
        Some(Rounding::Up) => RoundingStrategy::AwayFromZero,
        Some(Rounding::Down) => RoundingStrategy::ToZero,
        Some(Rounding::Nearest) => RoundingStrategy::MidpointAwayFromZero,
        None => {
            return Err(format!("is no whole number of {unit}; round = \"up\", \"down\" or \"nearest\" rounds it"));
        }
    };
    Ok(number.round_dp_with_strategy(0, strategy).normalize().to_string())
}

fn fields(field: &str, parts: &[DurationPart], rounding: Option<Rounding>) -> Result<Map<String, Value>, FieldError> {
    let wrong = || "is no duration like 6 months, 3-5 days or 1 h 30 min".to_owned();
    let mut fields = Map::new();
    let (mut weeks, mut minutes) = (None, None);
    for part in parts {
        let range = |unit| -> Result<Value, FieldError> {
            Ok(json!({ "min": whole(part.min, rounding, unit)?, "max": whole(part.max, rounding, unit)? }))
        };
        let amount = Some(part.max).filter(|max| *max == part.min);
        let scaled = |by: u32, over: u32| {
            let scaled = amount.and_then(|amount| amount.checked_mul(by.into())?.checked_div(over.into()));
            scaled.ok_or_else(|| format!("is a range of {}, where one number is wanted", part.unit.plural()))
        };
        let twice = match (part.unit, part.is_per_week) {
            (Unit::Hour, true) => fields.insert("hoursPerWeek".to_owned(), range("hours per week")?).is_some(),
            (Unit::Day, false) => fields.insert("days".to_owned(), range("days")?).is_some(),
            (Unit::Week, false) => add(&mut weeks, scaled(1, 1)?),
            (Unit::Month, false) => add(&mut weeks, scaled(52, 12)?),
            (Unit::Year, false) => add(&mut weeks, scaled(52, 1)?),
            // A fraction such as 0.33 is no whole number of minutes.
            (Unit::Hour, false) if rounding.is_none() => add(&mut minutes, nearest(scaled(60, 1)?)),
            (Unit::Hour, false) => add(&mut minutes, scaled(60, 1)?),
            (Unit::Minute, false) => add(&mut minutes, scaled(1, 1)?),
            (Unit::Minute | Unit::Day | Unit::Week | Unit::Month | Unit::Year, true) => return Err(wrong()),
        };
        if twice {
            return Err(wrong());
        }
    }
    if let Some(weeks) = weeks {
        fields.insert("weeks".to_owned(), whole(weeks, rounding, "weeks")?.into());
    }
    if let Some(minutes) = minutes {
        let is_rounded = rounding.is_some() && field != "duration.minutes";
        let (unit, amount) = if is_rounded || (minutes % Decimal::from(60)).is_zero() {
            ("hours", minutes / Decimal::from(60))
        } else {
            ("minutes", minutes)
        };
        fields.insert(unit.to_owned(), whole(amount, rounding, unit)?.into());
    }
    if fields.is_empty() { Err(wrong()) } else { Ok(fields) }
}

fn nearest(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
}

/// Fails unless the parts of a duration add up: units from large to small, each once and less than the one before, and no
/// hours beside days or weeks, since a course states its hours in total.
fn check_parts(parts: &[DurationPart]) -> Result<(), FieldError> {
    let parts: Vec<&DurationPart> = parts.iter().filter(|part| !part.is_per_week).collect();
    let fits = |pair: &[&DurationPart]| match pair {
        [large, small] => most(large.unit, small.unit).is_some_and(|most| small.max <= most.into()),
        _ => true,
    };
    if parts.windows(2).all(fits) {
        Ok(())
    } else {
        Err("states lengths that do not add up to one, like 1 year 6 months or 1 h 30 min".to_owned())
    }
}

/// How many of a unit may stand after another unit.
fn most(large: Unit, small: Unit) -> Option<u32> {
    match (large, small) {
        (Unit::Year, Unit::Month) => Some(12),
        (Unit::Year, Unit::Week) => Some(52),
        (Unit::Month, Unit::Week) => Some(5),
        (Unit::Hour, Unit::Minute) => Some(60),
        (Unit::Minute | Unit::Hour | Unit::Day | Unit::Week | Unit::Month | Unit::Year, _) => None,
    }
}

/// Adds to a sum. Returns whether that is impossible.
fn add(sum: &mut Option<Decimal>, amount: Decimal) -> bool {
    *sum = sum.unwrap_or_default().checked_add(amount);
    sum.is_none()
}

fn tokens(text: &str, decimal: char) -> Result<Vec<Token>, FieldError> {
    let (mut tokens, mut rest) = (Vec::new(), 0);
    let text_tokens = |text: &str| words(text).into_iter().map(Token::Word).collect::<Vec<_>>();
    for figure in figures(text, decimal)? {
        if figure.is_ambiguous {
            return Err(AMBIGUOUS.to_owned());
        }
        tokens.extend(text_tokens(text.get(rest..figure.start).unwrap_or_default()));
        tokens.push(Token::Number(values::decimal(&figure.number).ok_or("holds too large a number")?));
        rest = figure.end;
    }
    tokens.extend(text_tokens(text.get(rest..).unwrap_or_default()));
    Ok(tokens)
}

fn parts(mut tokens: &[Token]) -> Result<Vec<DurationPart>, FieldError> {
    let mut parts = Vec::new();
    while !tokens.is_empty() {
        let wrong = || "is no duration like 6 months, 3-5 days or 1 h 30 min".to_owned();
        if !parts.is_empty()
            && let [Token::Word(word), rest @ ..] = tokens
            && matches!(word.as_str(), "," | "and" | "&" | "+" | "und" | "et" | "y" | "e" | "и")
        {
            tokens = rest;
        }
        let (part, rest) = part(tokens).ok_or_else(wrong)?;
        parts.push(part);
        tokens = rest;
    }
    Ok(parts)
}

/// One part, and the tokens after it: a number or a range, a unit, and "per week" after hours.
fn part(tokens: &[Token]) -> Option<(DurationPart, &[Token])> {
    let (min, max, rest) = match tokens {
        [Token::Number(min), Token::Word(dash), Token::Number(max), rest @ ..]
            if matches!(dash.as_str(), "-" | "–" | "—" | "to" | "bis" | "à" | "a") =>
        {
            (*min, *max, rest)
        }
        [Token::Number(only), rest @ ..] => (*only, *only, rest),
        _ => return None,
    };
    let rest = match rest {
        [Token::Word(hyphen), rest @ ..] if hyphen == "-" => rest,
        rest => rest,
    };
    let [Token::Word(word), rest @ ..] = rest else { return None };
    let unit = unit_of(word)?;
    let (rest, is_per_week) = per_week(rest);
    let rest = match rest {
        [Token::Word(point), rest @ ..] if point == "." => rest,
        rest => rest,
    };
    Some((DurationPart { min, max, unit, is_per_week }, rest))
}

fn per_week(tokens: &[Token]) -> (&[Token], bool) {
    match tokens {
        [Token::Word(per), Token::Word(week), rest @ ..]
            if matches!(per.as_str(), "per" | "a" | "/" | "pro" | "par" | "por" | "в")
                && unit_of(week) == Some(Unit::Week) =>
        {
            (rest, true)
        }
        [Token::Word(weekly), rest @ ..] if unit_of_adverb(weekly) == Some(Unit::Week) => (rest, true),
        _ => (tokens, false),
    }
}

/// Duration of ISO 8601, e.g. `P6W` or `PT1H30M`.
fn iso(text: &str) -> Result<Vec<DurationPart>, FieldError> {
    const DATE: &[(char, Unit)] = &[('Y', Unit::Year), ('M', Unit::Month), ('W', Unit::Week), ('D', Unit::Day)];
    const TIME: &[(char, Unit)] = &[('H', Unit::Hour), ('M', Unit::Minute)];
    let wrong = || "is no duration of ISO 8601 like P6W or PT1H30M".to_owned();
    let (date, time) =
        text.strip_prefix('P').and_then(|text| text.split_once('T').or(Some((text, "")))).ok_or_else(wrong)?;
    let mut parts = Vec::new();
    for (mut text, units) in [(date, DATE), (time, TIME)] {
        let mut units = units.iter();
        while let Some(end) = text.find(|c: char| c.is_ascii_alphabetic()) {
            let (number, tail) = (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
            let (_, unit) = units.find(|(letter, _)| tail.starts_with(*letter)).ok_or_else(wrong)?;
            let is_plain = number.starts_with(|c: char| c.is_ascii_digit());
            let amount = values::decimal(number).filter(|_| is_plain).ok_or_else(wrong)?;
            parts.push(DurationPart { min: amount, max: amount, unit: *unit, is_per_week: false });
            text = tail.get(1..).unwrap_or_default();
        }
        if !text.is_empty() {
            return Err(wrong());
        }
    }
    Ok(parts)
}
