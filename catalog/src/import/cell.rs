//! Extracts numbers, ranges and money from prose: "124,980", "2–4 hours per week", "Verified Certificate for $49 USD".

use iso_currency::Currency;
use serde_json::{Value, json};

/// First number of a text in plain decimal form, without thousands separators. `decimal` is the decimal separator.
pub(super) fn number(text: &str, decimal: char) -> Option<String> {
    numbers(text, decimal).into_iter().next()
}

/// The one or two numbers of a text as a range.
pub(super) fn range(text: &str, decimal: char) -> Option<Value> {
    match numbers(text, decimal).as_slice() {
        [only] => Some(json!({ "min": only, "max": only })),
        [min, max] => Some(json!({ "min": min, "max": max })),
        _ => None,
    }
}

/// First number of a text as an amount of money. The currency is the code named in the text, or else `otherwise`. A
/// sign such as $ is not enough, because a dozen currencies share it.
pub(super) fn money(text: &str, decimal: char, otherwise: Option<&str>) -> Option<Value> {
    let code = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| Currency::from_code(word).is_some());
    let currency = code.or(otherwise)?;
    Some(json!({ "amount": number(text, decimal)?, "currency": currency }))
}

fn numbers(text: &str, decimal: char) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let runs = text.split(|c: char| !is_part(c)).map(|run| run.trim_matches(|c: char| !c.is_ascii_digit()));
    runs.filter(|run| !run.is_empty()).map(|run| plain(run, decimal)).collect()
}

fn plain(run: &str, decimal: char) -> String {
    run.chars().filter(|c| c.is_ascii_digit() || *c == decimal).map(|c| if c == decimal { '.' } else { c }).collect()
}
