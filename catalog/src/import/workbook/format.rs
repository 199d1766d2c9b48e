//! Formats of numbers in .xlsx, as far as they change what a number says: 0.2 is 20%, and 46054 is a day.

use chrono::{Days, NaiveDate, TimeDelta};

use super::row::CellOptions;
use crate::import::number::of_spreadsheet;
use crate::values;

/// Seconds of a day.
const DAY_SECONDS: f64 = 86_400.0;

/// What a number stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Percent,
    /// A day, perhaps with a time.
    Date,
    /// A time of day, or hours that may be more than a day has.
    Time,
}

/// Format of a number.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberFormat {
    kind: Kind,
    before: String,
    after: String,
}

impl NumberFormat {
    /// Format that every workbook has, by its number.
    pub(super) fn built_in(id: u64) -> Self {
        let kind = match id {
            9 | 10 => Kind::Percent,
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Kind::Date,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Kind::Time,
            _ => Kind::Number,
        };
        Self { kind, ..Self::default() }
    }

    /// Format with this code, e.g. `#,##0.00 "EUR"`. Only its first section counts, the one of positive numbers.
    pub(super) fn parse(code: &str) -> Self {
        let (mut format, mut letters, mut has_digits) = (Self::default(), String::new(), false);
        let mut rest = code.chars();
        while let Some(sign) = rest.next() {
            match sign {
                ';' => break,
                '"' => format.add(has_digits, &rest.by_ref().take_while(|c| *c != '"').collect::<String>()),
                '\\' => format.add(has_digits, &rest.next().into_iter().collect::<String>()),
                '_' | '*' => _ = rest.next(),
                '[' => {
                    let inner: String = rest.by_ref().take_while(|c| *c != ']').collect();
                    match inner.strip_prefix('$') {
                        Some(currency) => format.add(has_digits, currency.split('-').next().unwrap_or_default()),
                        None if inner.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) => {
                            letters.push('h');
                        }
                        None => {}
                    }
                }
                '0' | '#' | '?' => has_digits = true,
                '%' => format.kind = Kind::Percent,
                'G' | 'g' if rest.as_str().to_ascii_lowercase().starts_with("eneral") => {
                    has_digits = true;
                    rest.nth(5);
                }
                'd' | 'D' | 'y' | 'Y' | 'm' | 'M' | 'h' | 'H' | 's' | 'S' => letters.push(sign.to_ascii_lowercase()),
                sign if is_currency_sign(sign) => format.add(has_digits, sign.encode_utf8(&mut [0; 4])),
                _ => {}
            }
        }
        if letters.contains(['d', 'y']) || letters.contains('m') && !letters.contains(['h', 's']) {
            format.kind = Kind::Date;
        } else if !letters.is_empty() {
            format.kind = Kind::Time;
        }
        format
    }

    fn add(&mut self, is_after: bool, text: &str) {
        if is_after { self.after.push_str(text) } else { self.before.push_str(text) }
    }

    /// Text of a number in this format. An error says why there is none.
    pub(super) fn show(&self, number: f64, is_1904: bool, options: CellOptions) -> Result<String, String> {
        let shown = match self.kind {
            Kind::Number => {
                of_spreadsheet(number, options.decimal).map(|text| surround(&self.before, &text, &self.after, options))
            }
            Kind::Percent => of_spreadsheet(number * 100.0, options.decimal).map(|text| format!("{text}%")),
            Kind::Date => date(number, is_1904),
            Kind::Time => Some(time((number * DAY_SECONDS).round())).filter(|_| number >= 0.0),
        };
        shown.ok_or_else(|| format!("holds {number}, which is no value of its format"))
    }
}

/// A number with what its format puts around it. A currency may be left out.
pub(super) fn surround(before: &str, number: &str, after: &str, options: CellOptions) -> String {
    let kept = |text: &str| {
        let text = text.trim();
        let is_word = text.chars().any(|c| c.is_alphabetic() || is_currency_sign(c) || c == '%');
        let is_dropped = !options.keep_currency && is_currency(text);
        if is_word && !is_dropped { text.to_owned() } else { String::new() }
    };
    format!("{} {number} {}", kept(before), kept(after)).trim().to_owned()
}

fn is_currency(text: &str) -> bool {
    text.contains(is_currency_sign) || values::currency(text).is_some()
}

fn is_currency_sign(sign: char) -> bool {
    matches!(sign, '$' | '¢' | '£' | '¤' | '¥' | '฿' | '\u{20a0}'..='\u{20cf}' | '￥' | '＄' | '￡')
}

/// Day that a number stands for, with the time if it has one. `None` if it is no day of a spreadsheet.
fn date(number: f64, is_1904: bool) -> Option<String> {
    let seconds = (number * DAY_SECONDS).round();
    // The last day is that of the year 9999.
    if !(0.0..=2_958_465.99 * DAY_SECONDS).contains(&seconds) {
        return None;
    }
    let days = (seconds / DAY_SECONDS).floor();
    let in_day = seconds - days * DAY_SECONDS;
    if days == 0.0 && !is_1904 {
        return Some(time(in_day));
    }
    let epoch = match is_1904 {
        true => NaiveDate::from_ymd_opt(1904, 1, 1),
        // The first spreadsheets counted a day 60 that never was, the 29th of February 1900.
        false if days < 60.0 => NaiveDate::from_ymd_opt(1899, 12, 31),
        false => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    let day = epoch?.checked_add_days(Days::new(days as u64))?;
    Some(if in_day == 0.0 { day.to_string() } else { format!("{day}T{}", time(in_day)) })
}

fn time(seconds: f64) -> String {
    let total = TimeDelta::seconds(seconds as i64);
    format!("{:02}:{:02}:{:02}", total.num_hours(), total.num_minutes() % 60, total.num_seconds() % 60)
}
