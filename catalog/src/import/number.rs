//! Numbers that a program has written, as the texts that a mapping reads.

use serde_json::Number;

/// Number of digits that a spreadsheet keeps. What follows is noise of its arithmetic.
const DIGITS: usize = 15;

/// Text of a number of JSON, with this sign before its decimals.
pub(super) fn text(number: &Number, decimal: char) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => with_decimal(&float.to_string(), decimal),
        Some(_) | None => number.to_string(),
    }
}

/// Text of a number as a spreadsheet shows it, without thousands. `None` if it is infinite.
pub(super) fn of_spreadsheet(number: f64, decimal: char) -> Option<String> {
    let rounded: f64 = format!("{number:.*e}", DIGITS - 1).parse().ok()?;
    // Zero has no sign.
    Some(with_decimal(&(rounded + 0.0).to_string(), decimal)).filter(|_| rounded.is_finite())
}

fn with_decimal(text: &str, decimal: char) -> String {
    text.replace('.', decimal.encode_utf8(&mut [0; 4]))
}
