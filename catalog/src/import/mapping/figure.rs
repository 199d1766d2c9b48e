//! Numbers in a text, by a strict grammar. A text that could mean another figure is refused, with what would be
//! accepted: a wrong price in the catalogue is worse than a missing one.

use serde_json::{Value, json};

use super::FieldError;
use super::unit::{Unit, unit_of, unit_of_adverb};

/// A number in a text.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// Plain decimal form, e.g. `1249.99`.
    pub number: String,
    /// Whether it could also be a number with thousands, e.g. `1.500`.
    pub is_ambiguous: bool,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset after its last byte.
    pub end: usize,
}

/// What the figure of a field counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Nothing but the number may stand in the text.
    Bare,
    /// Anything that is not measured in time, e.g. students.
    Count,
    /// Units of time.
    Time(Unit),
    /// Hours per week.
    HoursPerWeek,
}

/// Words beside a figure with which it means something else: a bound, an old price, a multiple, a sign.
const QUALIFIERS: &str = "up least most min max minimum maximum over under more less fewer than from until starting starts \
    onwards upwards was instead old originally previously formerly save saving off discount deposit half double twice triple \
    minus negative excl excluding low plus \
    bis ab mindestens mind höchstens maximal als mehr weniger über unter statt früher vorher rabatt anzahlung uvp zzgl \
    jusqu partir dès moins lieu hors desde hasta más mas menos menor mayor \
    от до более менее больше меньше свыше вместо старая скидка минус 以上 以下 以内 未満 半額 起 \
    k m b l t mn bn mil thousand million millions billion hundred tsd tausend mio mrd mln тыс млн lac lacs lakh lakhs cr crore \
    crores cent cents percent prozent pct";

/// Words between which and a figure nothing has to be counted: "about 12".
const APPROXIMATIONS: &str = "about around approximately approx ca circa etwa ungefähr rund environ unos cerca около примерно 約 约 \
    only nur of for";

/// What stands between the ends of a range.
const CONNECTORS: &[&str] = &["-", "–", "—", "‒", "−", "~", "〜", "～", "…", "to", "bis", "à", "a", "hasta", "до"];

/// Signs before a figure that change it.
const SIGNS_BEFORE: &[char] = &['<', '>', '≤', '≥', '~', '≈', '±', '+', '*', '×', '/', '^', '#', '№', '='];
/// Signs after a figure that change it.
const SIGNS_AFTER: &[char] = &['%', '‰', '+', '*', '×', '/', '^', ':', '°', '~', '〜', '～'];
/// Dashes, each of which may be a minus sign.
const DASHES: &[char] = &['-', '−', '–', '—', '‒', '‐', '\u{2011}', '﹣', '－'];

/// Why a figure is refused that is ambiguous.
pub(super) const AMBIGUOUS: &str = "could be thousands or a fraction: write it without separator";

/// All numbers of a text. `decimal` is the sign before decimals.
pub(super) fn figures(text: &str, decimal: char) -> Result<Vec<Figure>, FieldError> {
    if text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()) {
        return Err("has digits other than 0 to 9".to_owned());
    }
    let (mut found, mut rest) = (Vec::new(), 0);
    while let Some(offset) = text.get(rest..).and_then(|tail| tail.find(|c: char| c.is_ascii_digit())) {
        let start = rest + offset;
        if begins_with_separator(text.get(..start).unwrap_or_default()) {
            return Err("holds a number without a digit before its separator: write 0.99".to_owned());
        }
        let run = run(text.get(start..).unwrap_or_default());
        rest = start + run.len();
        let (number, is_ambiguous) = plain(run, decimal)?;
        found.push(Figure { number, is_ambiguous, start, end: rest });
    }
    Ok(found)
}

/// Whether a number after this text begins with a separator, as .99 does. The point of "Rs.499" belongs to its word.
fn begins_with_separator(before: &str) -> bool {
    before.strip_suffix(['.', ',']).is_some_and(|head| !head.ends_with(char::is_alphabetic))
}

/// The number at the beginning of a text, with its separators. A space belongs to it if three digits follow.
fn run(text: &str) -> &str {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let tail = text.get(at + c.len_utf8()..).unwrap_or_default();
        let digits = tail.chars().take_while(char::is_ascii_digit).count();
        let belongs = match separator(c) {
            None => c.is_ascii_digit(),
            Some(' ') => digits == 3,
            Some(_) => digits > 0,
        };
        if !belongs {
            break;
        }
        end = at + c.len_utf8();
    }
    text.get(..end).unwrap_or_default()
}

/// Separator that a character stands for: all spaces are one, and so are all apostrophes.
fn separator(c: char) -> Option<char> {
    match c {
        '.' | ',' => Some(c),
        '\'' | '’' => Some('\''),
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => Some(' '),
        _ => None,
    }
}

/// Plain form of a number, and whether it is ambiguous.
fn plain(run: &str, decimal: char) -> Result<(String, bool), FieldError> {
    let wrong = || {
        let example = if decimal == '.' { "1,249.50" } else { "1.249,50" };
        format!("\"{run}\" is no number like {example} with decimal = \"{decimal}\"")
    };
    let (whole, fraction) = match run.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (run, None),
    };
    if fraction.is_some_and(|fraction| !fraction.chars().all(|c| c.is_ascii_digit())) {
        return Err(wrong());
    }
    let separators: Vec<char> = whole.chars().filter_map(separator).collect();
    let groups: Vec<&str> = whole.split(|c| separator(c).is_some()).collect();
    if !separators.is_empty() && !is_grouped(&separators, &groups) {
        return Err(wrong());
    }
    let digits = groups.concat();
    let is_ambiguous = separators.is_empty()
        && fraction.is_some_and(|fraction| fraction.len() == 3)
        && digits.len() <= 3
        && !digits.starts_with('0');
    Ok((fraction.map_or(digits.clone(), |fraction| format!("{digits}.{fraction}")), is_ambiguous))
}

/// Whether groups of digits are thousands, or lakhs and crores: 1,249,000 or 12,49,000.
fn is_grouped(separators: &[char], groups: &[&str]) -> bool {
    let [first, middle @ .., last] = groups else { return false };
    let alike = separators.windows(2).all(|pair| pair.first() == pair.last());
    let middle_is = |length: usize| middle.iter().all(|group| group.len() == length);
    let thousands = first.len() <= 3 && middle_is(3);
    let lakhs = separators.first() == Some(&',') && first.len() <= 2 && !middle.is_empty() && middle_is(2);
    alike && !first.starts_with('0') && last.len() == 3 && (thousands || lakhs)
}

/// The only number of a text.
pub(super) fn number(text: &str, decimal: char, measure: Measure) -> Result<String, FieldError> {
    match figures(text, decimal)?.as_slice() {
        [] => Err("holds no number".to_owned()),
        [figure] => {
            check_measure(text, figure.start, figure, measure)?;
            Ok(figure.number.clone())
        }
        [_, _, ..] => Err("holds several numbers, where one is wanted".to_owned()),
    }
}

/// The one or two numbers of a text, as the ends of a range.
pub(super) fn range(text: &str, decimal: char, measure: Measure) -> Result<Value, FieldError> {
    match figures(text, decimal)?.as_slice() {
        [] => Err("holds no number".to_owned()),
        [only] => {
            check_measure(text, only.start, only, measure)?;
            Ok(json!({ "min": only.number, "max": only.number }))
        }
        [min, max] => {
            let between = words(text.get(min.end..max.start).unwrap_or_default());
            let unit = words(text.get(max.end..).unwrap_or_default()).first().and_then(|word| unit_of(word));
            if between.iter().filter_map(|word| unit_of(word)).any(|of_min| Some(of_min) != unit) {
                return Err("holds two numbers in different units".to_owned());
            }
            let between: Vec<&String> = between.iter().filter(|word| unit_of(word).is_none()).collect();
            if !matches!(between.as_slice(), [only] if CONNECTORS.contains(&only.as_str())) {
                return Err("holds two numbers that are no range like 2-4".to_owned());
            }
            check_measure(text, min.start, max, measure)?;
            Ok(json!({ "min": min.number, "max": max.number }))
        }
        [_, _, _, ..] => Err("holds more than two numbers".to_owned()),
    }
}

/// Fails if what stands around figures changes their meaning. The first one starts at `start`.
fn check_measure(text: &str, start: usize, last: &Figure, measure: Measure) -> Result<(), FieldError> {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(last.end..).unwrap_or_default());
    if last.is_ambiguous {
        return Err(AMBIGUOUS.to_owned());
    }
    if measure == Measure::Bare && !(before.trim().is_empty() && after.trim().is_empty()) {
        return Err("holds more than a number".to_owned());
    }
    if text.chars().any(is_currency_sign) {
        return Err("is an amount of money, where a number is wanted".to_owned());
    }
    check_around(before, after)?;
    if let Some(label) = words(before).into_iter().rfind(|word| word != ".")
        && after.chars().all(|c| !c.is_alphanumeric())
        && label.starts_with(char::is_alphabetic)
        && !lists(APPROXIMATIONS, &label)
    {
        return Err(format!("holds a number after \"{label}\", which may be its label: write the number alone"));
    }
    let attached = before.ends_with(char::is_alphabetic);
    let follows = words(after.strip_prefix('-').unwrap_or(after)).into_iter().next();
    let follows = follows.filter(|word| word.starts_with(char::is_alphabetic));
    let unit = follows.as_deref().and_then(unit_of);
    let attached = attached || unit.is_none() && after.starts_with(char::is_alphabetic);
    let (wanted, also) = match measure {
        Measure::Bare | Measure::Count => (None, None),
        Measure::Time(unit) => (Some(unit), None),
        Measure::HoursPerWeek => (Some(Unit::Hour), Some(Unit::Week)),
    };
    if attached {
        return Err("holds a number that is part of a word".to_owned());
    }
    if wanted.is_some() && follows.is_some() && unit != wanted {
        return Err(format!("is not in {}; read = \"duration\" of the field duration takes any unit", name(measure)));
    }
    let is_other = |unit: Unit| Some(unit) != wanted && Some(unit) != also;
    let long = |word: &String| word.chars().count() > 2 || !word.is_ascii();
    let mut units = words(before).into_iter().chain(words(after)).filter(long);
    if units.any(|word| unit_of(&word).or_else(|| unit_of_adverb(&word)).is_some_and(is_other)) {
        return Err(format!("is not in {}", name(measure)));
    }
    Ok(())
}

fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Bare | Measure::Count => "units that are counted",
        Measure::HoursPerWeek => "hours per week",
        Measure::Time(unit) => unit.plural(),
    }
}

/// Fails if signs or words around a figure change it.
pub(super) fn check_around(before: &str, after: &str) -> Result<(), FieldError> {
    let head = before.trim_end();
    if let Some(inner) = head.strip_suffix(DASHES)
        && !inner.trim_end().ends_with(|c: char| c.is_alphanumeric() || c == ')')
    {
        return Err("is negative, or holds a dash before the number".to_owned());
    }
    let tail = after.trim_start_matches(['.', ',']);
    let is_bare_dash = after.len() > tail.len() || !tail.starts_with('-') || !has_letter_after_dash(tail);
    if head.ends_with(SIGNS_BEFORE) || after.trim_start().starts_with(SIGNS_AFTER) {
        return Err("has a sign beside the number that changes it".to_owned());
    }
    if tail.starts_with(DASHES) && is_bare_dash {
        return Err("has a dash after the number: write the amount in full".to_owned());
    }
    if head == "(" && after.trim_start() == ")" {
        return Err("is in parentheses, as a negative number".to_owned());
    }
    let mut around = words(before).into_iter().chain(words(after));
    match around.find(|word| lists(QUALIFIERS, word)) {
        Some(word) => Err(other_meaning(&word)),
        None => Ok(()),
    }
}

/// Error of a word that changes the meaning of a figure.
pub(super) fn other_meaning(word: &str) -> FieldError {
    format!("says \"{word}\" beside the number, so it may mean another")
}

/// Whether a list of words has a word.
pub(super) fn lists(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// Whether a hyphen joins a number to a word, as in "8-week".
fn has_letter_after_dash(tail: &str) -> bool {
    tail.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Whether a character is a sign of a currency.
pub(super) fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '₠'..='\u{20c0}' | '฿' | '＄' | '￡' | '￥')
}

/// Words of a text in lower case. A sign is a word of its own.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for c in text.chars() {
        let is_letter = c.is_alphabetic();
        if inside && is_letter {
            words.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        } else if !c.is_whitespace() {
            words.push(c.to_lowercase().collect());
        }
        inside = is_letter;
    }
    words
}
