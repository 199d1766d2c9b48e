//! Phrases that state a fact, from the data file. Does not belong here: names of the catalogue, such as those of
//! providers and cities.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use super::fact_captures::{Captures, Number, TEN_THOUSAND, TextWord, mentions, number, with_currency};
use super::fact_parts::{PhrasePart, key, key_of, parts, telling_word, unspaced_parts};
use super::scripts::is_unspaced;
use super::segment_data::get_or_try_init;
use super::tokenizer::Word;
use crate::error::{Error, Result};

/// Phrases by the filter that they stand for. A phrase may contain `{number}`, `{month}`, `{month_number}`, `{year}` and
/// `{currency}`, and its filter `{number}`, `{amount}` (a number as text), `{currency}`, `{month_first}` and `{month_last}`.
const DATA: &str = include_str!("../data/facts.json");

/// Maximum number of letters of a part of a phrase in a script without spaces.
const MAX_UNSPACED_CHARS: usize = 10;
/// Maximum number of words of the name of a month or a currency.
const MAX_NAME_WORDS: usize = 3;
/// Numbers below this one are rather ages, counts and versions than prices, unless they are round or a currency stands
/// beside them.
const MIN_ODD_PRICE: i64 = 22;
/// Least price without a currency in a text that speaks of people by their age.
const MIN_PRICE_BESIDE_AGES: i64 = 100;
/// Numbers that are years rather than prices.
const LIKELY_YEARS: std::ops::RangeInclusive<i64> = 2001..=2049;

/// Years that a text may name.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;

#[derive(Deserialize)]
struct FactData {
    /// Names of each of the twelve months.
    months: Vec<Vec<String>>,
    /// Names of currencies by code.
    currencies: FxHashMap<String, Vec<String>>,
    /// Words after a number with which it is no price.
    counted: Vec<String>,
    /// Words before a phrase with which it states the opposite.
    negations: Vec<String>,
    /// Words for ages, and for people of an age.
    ages: Vec<String>,
    facts: Vec<FactEntry>,
}

/// Fact with the phrases that state it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactEntry {
    pub(super) filter: Value,
    /// Whether the phrases also name what a course is about: German is a language to learn, too.
    #[serde(default)]
    is_subject: bool,
    /// Phrases by language.
    pub(super) phrases: FxHashMap<String, Vec<String>>,
}

/// Facts of the operator, which are added before the phrases are first needed.
pub(super) static OPERATOR_FACTS: OnceLock<Vec<FactEntry>> = OnceLock::new();

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

struct Phrase {
    parts: Vec<PhrasePart>,
    entry: usize,
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
    counted: BTreeSet<String>,
    negations: BTreeSet<String>,
    ages: BTreeSet<String>,
    /// Languages of the words of the phrases.
    languages: FxHashMap<String, BTreeSet<String>>,
    /// Parts of phrases in scripts without spaces.
    unspaced: BTreeSet<String>,
    /// The same after a number: units of one letter, and currencies.
    units: BTreeSet<String>,
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
        let units = data.currencies.values().flatten().filter(|name| name.starts_with(is_unspaced));
        let mut phrases = Self {
            unspaced: BTreeSet::new(),
            units: units.cloned().chain([TEN_THOUSAND.0.to_owned()]).collect(),
            entries: data.facts.into_iter().chain(OPERATOR_FACTS.get().into_iter().flatten().cloned()).collect(),
            by_word: FxHashMap::default(),
            others: Vec::new(),
            months,
            currencies,
            counted: data.counted.iter().map(|word| key_of(word)).collect(),
            negations: data.negations.iter().map(|word| key_of(word)).collect(),
            ages: data.ages.iter().map(|word| key_of(word)).collect(),
            languages: FxHashMap::default(),
        };
        for (entry, fact) in phrases.entries.iter().enumerate() {
            for (language, phrase) in fact.phrases.iter().flat_map(|(tag, list)| list.iter().map(move |it| (tag, it))) {
                let (units, longer) = unspaced_parts(phrase).partition(|part: &String| part.chars().nth(1).is_none());
                phrases.units.extend::<Vec<_>>(units);
                phrases.unspaced.extend::<Vec<_>>(longer);
                let phrase = Phrase { parts: parts(phrase), entry };
                for word in phrase.parts.iter().filter_map(telling_word) {
                    phrases.languages.entry(word.clone()).or_default().insert(language.clone());
                }
                match phrase.parts.first() {
                    Some(PhrasePart::Word(word)) => phrases.by_word.entry(word.clone()).or_default().push(phrase),
                    Some(_) => phrases.others.push(phrase),
                    None => return Err(Error::internal("a phrase of the facts has no word")),
                }
            }
        }
        Ok(phrases)
    }

    /// Languages in which a folded word is part of a phrase.
    pub(super) fn languages_of(&self, word: &str) -> Option<&BTreeSet<String>> {
        self.languages.get(word)
    }

    /// Length in bytes of the longest part of a phrase that a text without spaces begins with. `is_unit` tells whether
    /// it follows a number.
    pub(super) fn unspaced_length(&self, text: &str, is_unit: bool) -> Option<usize> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(MAX_UNSPACED_CHARS);
        let is_part = |part: &str| self.unspaced.contains(part) || is_unit && self.units.contains(part);
        ends.filter(|end| text.get(..*end).is_some_and(is_part)).last()
    }

    /// Whether a phrase states the opposite after this word.
    pub(super) fn negates(&self, word: &Word) -> bool {
        self.negations.contains(&key(word))
    }

    /// Whether a word is for an age, or for people of an age.
    pub(super) fn is_of_age(&self, word: &Word) -> bool {
        self.ages.contains(&key(word))
    }

    /// Longest fact that the beginning of these words states. `ends` tells whether a phrase may end after that many
    /// words, `has_ages` whether the text speaks of people by their age.
    pub(super) fn longest(
        &self,
        words: &[TextWord<'_>],
        (today, has_ages): (NaiveDate, bool),
        ends: impl Fn(usize) -> bool,
    ) -> Option<PhraseFact> {
        let first = words.first()?;
        let by_word = self.by_word.get(&key(first.word)).into_iter().flatten();
        let facts = by_word.chain(&self.others).filter_map(|phrase| {
            let (length, captures) = self.read_phrase(phrase, words)?;
            let fact = ends(length).then(|| self.fact(phrase, length, &captures, today)).flatten()?;
            let is_count = words.get(length).is_some_and(|next| self.counted.contains(&key(next.word)));
            let is_price = || !is_count && captures.number.is_some_and(|number| may_be_price(number, has_ages));
            Some(fact).filter(|fact| !fact.needs_currency || is_price())
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
                PhrasePart::Word(word) => (key(next.word) == *word).then_some(1)?,
                PhrasePart::Number => {
                    let (taken, number) = number(rest)?;
                    captures.number = Some(number);
                    let beside = rest.iter().take(taken).find_map(|word| word.currency);
                    captures.currency = captures.currency.or(beside.map(str::to_owned));
                    taken
                }
                PhrasePart::Month => {
                    let (taken, month) = named(&self.months, rest)?;
                    captures.month = Some(*month);
                    taken
                }
                PhrasePart::MonthNumber => {
                    captures.month = next.word.folded.parse().ok().filter(|month| (1..=12).contains(month));
                    captures.month.map(|_| 1)?
                }
                PhrasePart::Year => {
                    let year: i64 = next.word.folded.parse().ok().filter(|year| YEARS.contains(year))?;
                    captures.year = i32::try_from(year).ok();
                    1
                }
                PhrasePart::Currency => {
                    let (taken, currency) = named(&self.currencies, rest)?;
                    captures.currency = Some(currency.clone());
                    taken
                }
            };
        }
        Some((length, captures))
    }

    fn fact(&self, phrase: &Phrase, length: usize, captures: &Captures, today: NaiveDate) -> Option<PhraseFact> {
        let entry = self.entries.get(phrase.entry)?;
        let filter = captures.fill(&entry.filter, today)?;
        let has_price = mentions(&entry.filter, "{currency}");
        let currency = captures.currency.as_deref().filter(|_| has_price);
        Some(PhraseFact {
            length,
            needs_currency: has_price && currency.is_none(),
            filter: currency.map(|currency| with_currency(&filter, currency)).unwrap_or(filter),
            is_subject: entry.is_subject,
            is_searched: phrase.parts.iter().all(|part| matches!(part, PhrasePart::Word(_))),
        })
    }
}

/// Whether a number without a currency or a unit may be a price.
fn may_be_price(number: Number, has_ages: bool) -> bool {
    let is_year = number.is_plain && LIKELY_YEARS.contains(&number.floor());
    let is_odd = number.floor() < MIN_ODD_PRICE && !number.is_usual_price();
    let is_age = has_ages && number.floor() < MIN_PRICE_BESIDE_AGES;
    !(is_year || is_odd || is_age)
}

/// Value of the name that these words begin with, and the number of words that it takes.
fn named<'n, T>(names: &'n FxHashMap<String, T>, words: &[TextWord<'_>]) -> Option<(usize, &'n T)> {
    (1..=words.len().min(MAX_NAME_WORDS)).rev().find_map(|length| {
        let name: Vec<String> = words.iter().take(length).map(|word| key(word.word)).collect();
        Some((length, names.get(&name.join(" "))?))
    })
}

/// Phrases of the data file, each with its filter, and its number of lists of months.
#[cfg(test)]
pub(super) fn data_phrases() -> (usize, Vec<(Value, String)>) {
    let data: FactData = serde_json::from_str(DATA).unwrap();
    let phrases =
        |fact: FactEntry| fact.phrases.into_values().flatten().map(move |phrase| (fact.filter.clone(), phrase));
    (data.months.len(), data.facts.into_iter().flat_map(phrases).collect())
}
