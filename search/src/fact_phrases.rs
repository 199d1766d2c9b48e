//! Phrases that state a fact, from the data file. Does not belong here: names of the catalogue, such as those of
//! providers and cities.

use std::sync::OnceLock;

use chrono::{Datelike, Months, NaiveDate};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::segment::get_or_try_init;
use super::tokenizer::{Word, words};
use crate::error::{Error, Result};

/// Phrases by the filter that they stand for. A phrase may contain `{number}`, `{month}`, `{year}` and `{currency}`,
/// and its filter `{number}`, `{amount}` (a number as text), `{currency}`, `{month_first}` and `{month_last}`.
const DATA: &str = include_str!("../data/facts.json");

/// Years that a text may name.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;

#[derive(Deserialize)]
struct FactData {
    /// Names of each of the twelve months.
    months: Vec<Vec<String>>,
    /// Names of currencies by code.
    currencies: FxHashMap<String, Vec<String>>,
    facts: Vec<FactEntry>,
}

#[derive(Deserialize)]
struct FactEntry {
    filter: Value,
    /// Whether the phrases also name what a course is about: German is a language to learn, too.
    #[serde(default)]
    is_subject: bool,
    /// Phrases by language.
    phrases: FxHashMap<String, Vec<String>>,
}

/// Word of a text with the currency whose sign stands beside it.
#[derive(Clone, Copy)]
pub(super) struct TextWord<'a> {
    pub(super) word: &'a Word,
    pub(super) currency: Option<&'static str>,
}

/// Fact that a phrase states.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PhraseFact {
    /// Number of words.
    pub(super) length: usize,
    /// Filter that it corresponds to. If `needs_currency`, without its currency.
    pub(super) filter: Value,
    /// Whether the text states a price without a currency, for which the filter has `{currency}`.
    pub(super) needs_currency: bool,
    pub(super) is_subject: bool,
    /// Whether the words are searched as a text too. Numbers and months are not.
    pub(super) is_searched: bool,
}

/// Part of a phrase.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Word in the form in which it is compared.
    Word(String),
    Number,
    Month,
    Year,
    Currency,
}

struct Phrase {
    parts: Vec<Part>,
    entry: usize,
}

/// Values of the placeholders of a phrase.
#[derive(Clone, Debug, Default)]
struct Captures {
    number: Option<i64>,
    currency: Option<String>,
    month: Option<u32>,
    year: Option<i32>,
}

/// All phrases.
pub(super) struct FactPhrases {
    entries: Vec<FactEntry>,
    /// By their first word.
    by_word: FxHashMap<String, Vec<Phrase>>,
    /// Phrases that begin with a placeholder.
    others: Vec<Phrase>,
    months: FxHashMap<String, u32>,
    currencies: FxHashMap<String, String>,
}

/// The phrases of the data file, read when they are first needed.
pub(super) fn fact_phrases() -> Result<&'static FactPhrases> {
    static PHRASES: OnceLock<FactPhrases> = OnceLock::new();
    get_or_try_init(&PHRASES, || FactPhrases::read(DATA))
}

impl FactPhrases {
    fn read(data: &str) -> Result<Self> {
        let data: FactData = serde_json::from_str(data).map_err(Error::internal)?;
        let months =
            data.months.iter().zip(1..).flat_map(|(names, month)| names.iter().map(move |n| (key_of(n), month)));
        let currencies = data.currencies.iter();
        let currencies =
            currencies.flat_map(|(code, names)| names.iter().map(move |name| (key_of(name), code.clone())));
        let (months, currencies) = (months.collect(), currencies.collect());
        let mut phrases =
            Self { entries: data.facts, by_word: FxHashMap::default(), others: Vec::new(), months, currencies };
        for (entry, fact) in phrases.entries.iter().enumerate() {
            for phrase in fact.phrases.values().flatten() {
                let phrase = Phrase { parts: parts(phrase), entry };
                match phrase.parts.first() {
                    Some(Part::Word(word)) => phrases.by_word.entry(word.clone()).or_default().push(phrase),
                    Some(_) => phrases.others.push(phrase),
                    None => return Err(Error::internal("a phrase of the facts has no word")),
                }
            }
        }
        Ok(phrases)
    }

    /// Longest fact that the beginning of these words states. `ends` tells whether a phrase may end after that many
    /// words.
    pub(super) fn longest(
        &self,
        words: &[TextWord<'_>],
        today: NaiveDate,
        ends: impl Fn(usize) -> bool,
    ) -> Option<PhraseFact> {
        let first = words.first()?;
        let by_word = self.by_word.get(&key(first.word)).into_iter().flatten();
        let facts = by_word.chain(&self.others).filter_map(|phrase| {
            let (length, captures) = self.read_phrase(phrase, words)?;
            ends(length).then(|| self.fact(phrase, length, &captures, today)).flatten()
        });
        facts.max_by_key(|fact| fact.length)
    }

    /// Number of words that a phrase takes, and what its placeholders stand for.
    fn read_phrase(&self, phrase: &Phrase, words: &[TextWord<'_>]) -> Option<(usize, Captures)> {
        let mut captures = Captures::default();
        let mut length = 0;
        for part in &phrase.parts {
            let rest = words.get(length..)?;
            let next = rest.first()?;
            length += match part {
                Part::Word(word) => (key(next.word) == *word).then_some(1)?,
                Part::Number => {
                    let (taken, number) = number(rest)?;
                    captures.number = Some(number);
                    captures.currency = captures.currency.or(next.currency.map(str::to_owned));
                    taken
                }
                Part::Month => {
                    captures.month = Some(*self.months.get(&key(next.word))?);
                    1
                }
                Part::Year => {
                    let year: i64 = next.word.folded.parse().ok().filter(|year| YEARS.contains(year))?;
                    captures.year = i32::try_from(year).ok();
                    1
                }
                Part::Currency => {
                    captures.currency = Some(self.currencies.get(&key(next.word))?.clone());
                    1
                }
            };
        }
        Some((length, captures))
    }

    fn fact(&self, phrase: &Phrase, length: usize, captures: &Captures, today: NaiveDate) -> Option<PhraseFact> {
        let entry = self.entries.get(phrase.entry)?;
        let filter = captures.fill(&entry.filter, today)?;
        Some(PhraseFact {
            length,
            needs_currency: captures.currency.is_none() && mentions(&entry.filter, "{currency}"),
            filter,
            is_subject: entry.is_subject,
            is_searched: phrase.parts.iter().all(|part| matches!(part, Part::Word(_))),
        })
    }
}

impl Captures {
    /// Fills the placeholders of a filter; `None` if a value is impossible.
    fn fill(&self, filter: &Value, today: NaiveDate) -> Option<Value> {
        Some(match filter {
            Value::Array(values) => {
                values.iter().map(|value| self.fill(value, today)).collect::<Option<Vec<_>>>()?.into()
            }
            Value::Object(fields) => {
                let filled = fields.iter().map(|(name, value)| Some((name.clone(), self.fill(value, today)?)));
                Value::Object(filled.collect::<Option<Map<_, _>>>()?)
            }
            Value::String(text) => match text.as_str() {
                "{number}" => i32::try_from(self.number?).ok()?.into(),
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

/// Puts a currency into a filter without one.
pub(super) fn with_currency(filter: &Value, currency: &str) -> Value {
    let captures = Captures { currency: Some(currency.to_owned()), ..Captures::default() };
    captures.fill(filter, NaiveDate::default()).unwrap_or_default()
}

fn mentions(filter: &Value, placeholder: &str) -> bool {
    match filter {
        Value::Array(values) => values.iter().any(|value| mentions(value, placeholder)),
        Value::Object(fields) => fields.values().any(|value| mentions(value, placeholder)),
        Value::String(text) => text == placeholder,
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whole number with or without groups of thousands, and the number of words that it takes.
fn number(words: &[TextWord<'_>]) -> Option<(usize, i64)> {
    let digits = |word: &TextWord<'_>| {
        let text = word.word.folded.as_str();
        text.bytes().all(|c| c.is_ascii_digit()).then(|| text.to_owned())
    };
    let mut text = digits(words.first()?)?;
    let has_groups = text.len() <= 3 && !text.starts_with('0');
    let groups = words.get(1..)?.iter().map_while(digits).take_while(|group| has_groups && group.len() == 3);
    let groups: Vec<String> = groups.collect();
    text.extend(groups.iter().map(String::as_str));
    Some((1 + groups.len(), text.parse().ok()?))
}

fn parts(phrase: &str) -> Vec<Part> {
    let part = |text: &str| match text {
        "{number}" => vec![Part::Number],
        "{month}" => vec![Part::Month],
        "{year}" => vec![Part::Year],
        "{currency}" => vec![Part::Currency],
        _ => words(text).iter().map(|word| Part::Word(key(word))).collect(),
    };
    phrase.split_whitespace().flat_map(part).collect()
}

/// Form in which a word is compared. English words have no endings that matter; without theirs, `certification` and
/// `certificate` would be the same.
fn key(word: &Word) -> String {
    if word.folded.is_ascii() { word.folded.clone() } else { word.stem.clone() }
}

/// The same for a name of one word.
fn key_of(name: &str) -> String {
    words(name).first().map(key).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fact(text: &str) -> Option<Value> {
        let clauses = super::super::language::parse(text).unwrap();
        let words = clauses
            .iter()
            .flat_map(|clause| clause.words.iter().map(|word| TextWord { word, currency: clause.currency }));
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        fact_phrases().unwrap().longest(&words.collect::<Vec<_>>(), today, |_| true).map(|fact| fact.filter)
    }

    #[test]
    fn phrases_state_facts() {
        for (text, filter) in [
            ("bootcamp", json!({"kind": ["BOOTCAMP"]})),
            ("for beginners", json!({"level": ["BEGINNER"]})),
            ("kostenlos", json!({"pricing": ["FREE"]})),
            ("part-time", json!({"schedule": ["PART_TIME", "WEEKNIGHTS", "WEEKENDS"]})),
            ("under 500 euros", json!({"price": {"lte": "500", "currency": "EUR"}})),
            ("unter €1.500", json!({"price": {"lte": "1500", "currency": "EUR"}})),
            ("under $1,500", json!({"price": {"lte": "1500", "currency": "USD"}})),
            ("under 500", json!({"price": {"lte": "500", "currency": "{currency}"}})),
            ("under 10 hours", json!({"hours": {"lte": 10}})),
            ("2 weeks", json!({"weeks": {"gte": 2, "lte": 2}})),
            ("starts in May", json!({"offering": {"startsOn": {"gte": "2027-05-01", "lte": "2027-05-31"}}})),
            ("starts in December", json!({"offering": {"startsOn": {"gte": "2026-12-01", "lte": "2026-12-31"}}})),
            ("Beginn im März 2028", json!({"offering": {"startsOn": {"gte": "2028-03-01", "lte": "2028-03-31"}}})),
            ("German", json!({"language": ["de"]})),
            ("Deutschland", json!({"location": {"country": "DE"}})),
        ] {
            assert_eq!(fact(text), Some(filter), "{text}");
        }
        for text in ["python", "certification", "may", "under", "500"] {
            assert_eq!(fact(text), None, "{text}");
        }
    }

    #[test]
    fn every_phrase_is_found() {
        let data: FactData = serde_json::from_str(DATA).unwrap();
        assert_eq!(data.months.len(), 12);
        for phrase in data.facts.iter().flat_map(|fact| fact.phrases.values().flatten()) {
            let text = phrase.replace("{number}", "7").replace("{month}", "may").replace("{year}", "2030");
            assert!(fact(&text.replace("{currency}", "eur")).is_some(), "{phrase}");
        }
    }
}
