//! Words of a search text that are facts: phrases of the data file, and names of providers and cities of the catalogue.
//! Does not belong here: filters, and what a fact does to the rank of a listing.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use serde_json::{Value, json};
use tantivy::Term;
use tantivy::schema::IndexRecordOption;

use super::fact_captures::{TextWord, gaps, with_currency};
use super::fact_phrases::{PhraseFact, fact_phrases};
use super::fields::{DocKind, FREE};
use super::language::{Clause, parse, text_of};
use super::reader::Reader;
use super::segment_data::documents;
use super::spelling::Vocabulary;
use super::stop_words::{is_hint, is_stop_word};
use super::text_query::name_key;
use crate::error::{Error, Result};

/// Maximum number of clauses in the name of a provider or a city.
const MAX_NAME_CLAUSES: usize = 6;
/// Maximum number of currencies that a price without one may be in.
const MAX_CURRENCIES: usize = 10;
/// Work units for looking up a name in a segment.
const NAME_WORK: u64 = 200;

/// Fact in a search text.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryFact {
    /// Clauses of the text, by index.
    pub clauses: Range<usize>,
    /// Its words as typed.
    pub text: String,
    /// What it states.
    pub meaning: FactMeaning,
    /// Whether it also names what a course is about: German is a language to learn, too.
    pub is_subject: bool,
    /// Whether its words are searched as a text too.
    pub is_searched: bool,
}

/// What a fact states.
#[derive(Clone, Debug, PartialEq)]
pub enum FactMeaning {
    /// The filter, as it is written in the API.
    Filter(Value),
    /// The provider with this ID.
    Provider(i64),
}

/// Finds the facts in a text, from left to right, the longest at each place.
pub fn find_facts(reader: &Reader, text: &str, today: NaiveDate) -> Result<Vec<QueryFact>> {
    let clauses = parse(text)?.clauses;
    let words = text_words(text, &clauses);
    let phrases = fact_phrases()?;
    let has_ages = words.iter().flatten().any(|word| phrases.is_of_age(word.word));
    let mut facts = Vec::new();
    let mut at = 0;
    while at < clauses.len() {
        let rest = clauses.get(at..).unwrap_or_default();
        let plain = rest.iter().take_while(|clause| !clause.quoted && !clause.excluded).count();
        let words_of_rest = words.get(at..at + plain).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| clauses.get(before)?.words.last());
        let is_negated = before.is_some_and(|word| phrases.negates(word));
        let is_inside =
            at.checked_sub(1).and_then(|before| words.get(before)?.last()).is_some_and(TextWord::joins_digits);
        let plain = rest.get(..plain).unwrap_or_default();
        let found =
            if is_negated || is_inside { None } else { longest(reader, (plain, words_of_rest), (today, has_ages))? };
        at += match found {
            Some((length, meaning, is_subject, is_searched)) => {
                let text = text_of(rest.iter().take(length));
                facts.push(QueryFact { clauses: at..at + length, text, meaning, is_subject, is_searched });
                length
            }
            None => 1,
        };
    }
    Ok(facts)
}

/// The rest of a text, as typed: its words, phrases and exclusions, without facts and without words that are ignored.
pub fn text_without_facts(text: &str, facts: impl Iterator<Item = Range<usize>>) -> Result<String> {
    let clauses = parse(text)?.clauses;
    let facts: Vec<Range<usize>> = facts.collect();
    let is_fact = |index: usize| facts.iter().any(|fact| fact.contains(&index));
    let is_ignored = |clause: &Clause| !clause.excluded && clause.is_filler;
    let rest = || clauses.iter().enumerate().filter(|(index, _)| !is_fact(*index));
    let has_content = !facts.is_empty() || rest().any(|(_, clause)| !clause.excluded && !is_ignored(clause));
    let searched = rest().filter(|(_, clause)| !(has_content && is_ignored(clause)));
    let mut searched: Vec<(usize, Clause)> = searched.map(|(index, clause)| (index, clause.clone())).collect();
    let mut before = None;
    for (index, clause) in &mut searched {
        clause.is_joined &= before.is_some_and(|before: usize| before + 1 == *index);
        before = Some(*index);
    }
    Ok(text_of(searched.iter().map(|(_, clause)| clause)))
}

/// Number of clauses, meaning, whether it is a subject, and whether it is searched.
type Found = (usize, FactMeaning, bool, bool);

/// Words of each clause.
fn text_words<'c>(text: &str, clauses: &'c [Clause]) -> Vec<Vec<TextWord<'c>>> {
    let mut gaps = gaps(text, clauses.iter().flat_map(|clause| &clause.words)).into_iter();
    let words_of = |clause: &'c Clause| {
        let word = |word| TextWord { word, currency: clause.currency, gap: gaps.next().flatten() };
        clause.words.iter().map(word).collect()
    };
    clauses.iter().map(words_of).collect()
}

fn longest(
    reader: &Reader,
    (clauses, words): (&[Clause], &[Vec<TextWord<'_>>]),
    context: (NaiveDate, bool),
) -> Result<Option<Found>> {
    let phrase = phrase(reader, words, context)?;
    let name = name(reader, clauses)?;
    Ok(match (phrase, name) {
        (Some(phrase), Some(name)) if name.0 > phrase.0 => Some(name),
        (phrase, name) => phrase.or(name),
    })
}

fn phrase(reader: &Reader, clauses: &[Vec<TextWord<'_>>], context: (NaiveDate, bool)) -> Result<Option<Found>> {
    // Ends of the clauses, in words: a fact consists of whole clauses.
    let mut ends = Vec::new();
    let mut words = Vec::new();
    for clause in clauses {
        words.extend(clause);
        ends.push(words.len());
    }
    let Some(fact) = fact_phrases()?.longest(&words, context, |length| ends.contains(&length)) else { return Ok(None) };
    let length = ends.iter().take_while(|end| **end <= fact.length).count();
    let filter = if fact.needs_currency { in_any_currency(reader, &fact)? } else { fact.filter };
    Ok(Some((length, FactMeaning::Filter(filter), fact.is_subject, fact.is_searched)))
}

/// Filter for a price in any of the currencies of the catalogue.
fn in_any_currency(reader: &Reader, fact: &PhraseFact) -> Result<Value> {
    let currencies = currencies(reader)?;
    let mut filters: Vec<Value> = currencies.iter().map(|currency| with_currency(&fact.filter, currency)).collect();
    Ok(match filters.len() {
        0 => with_currency(&fact.filter, "USD"),
        1 => filters.remove(0),
        _ => json!({ "or": filters }),
    })
}

/// Currencies of prices of the courses.
fn currencies(reader: &Reader) -> Result<BTreeSet<String>> {
    let field = reader.fields.price_currency;
    let vocabulary = Vocabulary { reader, kinds: &[DocKind::Course], field, names: Vec::new() };
    let mut found = BTreeSet::new();
    for segment in reader.segments.iter() {
        let index = segment.index(field)?;
        let mut terms = index.terms().stream().map_err(Error::internal)?;
        while let Some((term, _)) = terms.next() {
            found.insert(String::from_utf8_lossy(term).into_owned());
        }
    }
    let mut used = BTreeSet::new();
    for currency in found.into_iter().filter(|currency| currency != FREE) {
        if used.len() < MAX_CURRENCIES && vocabulary.has(&currency)? {
            used.insert(currency);
        }
    }
    Ok(used)
}

/// The longest name of a provider or a city that the clauses begin with.
fn name(reader: &Reader, clauses: &[Clause]) -> Result<Option<Found>> {
    let kinds = &[DocKind::Offering, DocKind::Provider];
    let cities = Vocabulary { reader, kinds, field: reader.fields.city, names: Vec::new() };
    for length in (1..=clauses.len().min(MAX_NAME_CLAUSES)).rev() {
        let mut words = clauses.iter().take(length).flat_map(|clause| &clause.words);
        if words.all(|word| is_stop_word(&word.folded) || is_hint(&word.folded)) {
            continue;
        }
        let written = text_of(clauses.iter().take(length));
        if let Some(id) = provider(reader, &name_key(&written))? {
            return Ok(Some((length, FactMeaning::Provider(id), false, true)));
        }
        let keys: Vec<String> = clauses.iter().take(length).map(Clause::place_key).collect();
        if cities.has(&keys.join(" "))? {
            return Ok(Some((length, FactMeaning::Filter(json!({ "location": { "city": written } })), false, true)));
        }
    }
    Ok(None)
}

/// Provider with this name. Of several, the one with the lowest ID.
fn provider(reader: &Reader, name: &str) -> Result<Option<i64>> {
    let term = Term::from_field_text(reader.fields.whole_name, name);
    let mut found = None;
    for segment in reader.segments.iter() {
        reader.meter().charge(NAME_WORK)?;
        let index = segment.index(reader.fields.whole_name)?;
        let postings = index.read_postings(&term, IndexRecordOption::Basic).map_err(Error::internal)?;
        let kinds = segment.numbers(segment.fields.doc_kind)?;
        let ids = segment.numbers(segment.fields.id)?;
        let is_provider =
            |document: &u32| kinds.first(*document) == Some(DocKind::Provider as i64) && !segment.is_deleted(*document);
        let here =
            postings.into_iter().flat_map(documents).filter(is_provider).filter_map(|document| ids.first(document));
        found = here.chain(found).min();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::fact_phrases::data_phrases;
    use super::*;

    fn fact(text: &str) -> Option<Value> {
        let clauses = parse(text).unwrap().clauses;
        let words: Vec<TextWord<'_>> = text_words(text, &clauses).concat();
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let phrases = fact_phrases().unwrap();
        let has_ages = words.iter().any(|word| phrases.is_of_age(word.word));
        let found = |from: usize| phrases.longest(&words[from..], (today, has_ages), |_| true);
        let mut starts = (0..words.len()).filter(|from| *from == 0 || !words[from - 1].joins_digits());
        starts.find_map(found).map(|fact| fact.filter)
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
            ("moins de 1 500 €", json!({"price": {"lte": "1500", "currency": "EUR"}})),
            ("under $1,500", json!({"price": {"lte": "1500", "currency": "USD"}})),
            ("under 500", json!({"price": {"lte": "500", "currency": "{currency}"}})),
            ("unter 1.000,50 €", json!({"price": {"lte": "1000.50", "currency": "EUR"}})),
            ("under $1,000.50", json!({"price": {"lte": "1000.50", "currency": "USD"}})),
            ("bis 1000,5 Euro", json!({"price": {"lte": "1000.50", "currency": "EUR"}})),
            ("moins de 1\u{202f}234\u{202f}567,89 €", json!({"price": {"lte": "1234567.89", "currency": "EUR"}})),
            ("höchstens 49.90 CHF", json!({"price": {"lte": "49.90", "currency": "CHF"}})),
            ("maximal 1'500 CHF", json!({"price": {"lte": "1500", "currency": "CHF"}})),
            ("menos de 99,00 €", json!({"price": {"lte": "99", "currency": "EUR"}})),
            ("até 1.500 reais", json!({"price": {"lte": "1500", "currency": "BRL"}})),
            ("до 10 000,50 рублей", json!({"price": {"lte": "10000.50", "currency": "RUB"}})),
            ("under 10.50 yen", json!({"price": {"lte": "10", "currency": "JPY"}})),
            ("3.5万円以下", json!({"price": {"lte": "35000", "currency": "JPY"}})),
            ("under 500, 20 hours", json!({"price": {"lte": "500", "currency": "{currency}"}})),
            ("kids coding under 18 dollars", json!({"price": {"lte": "18", "currency": "USD"}})),
            ("coding for kids under 150", json!({"price": {"lte": "150", "currency": "{currency}"}})),
            ("under 2000", json!({"price": {"lte": "2000", "currency": "{currency}"}})),
            ("under 2,024", json!({"price": {"lte": "2024", "currency": "{currency}"}})),
            ("python 3 under 10 hours", json!({"hours": {"lte": 10}})),
            ("python 3.10 for 4 weeks", json!({"weeks": {"gte": 4, "lte": 4}})),
            ("under 10 hours", json!({"hours": {"lte": 10}})),
            ("2 weeks", json!({"weeks": {"gte": 2, "lte": 2}})),
            ("starts in May", json!({"offering": {"startsOn": {"gte": "2027-05-01", "lte": "2027-05-31"}}})),
            ("starts in December", json!({"offering": {"startsOn": {"gte": "2026-12-01", "lte": "2026-12-31"}}})),
            ("Beginn im März 2028", json!({"offering": {"startsOn": {"gte": "2028-03-01", "lte": "2028-03-31"}}})),
            ("5月開講", json!({"offering": {"startsOn": {"gte": "2027-05-01", "lte": "2027-05-31"}}})),
            ("3万円以下", json!({"price": {"lte": "30000", "currency": "JPY"}})),
            ("不超过500元", json!({"price": {"lte": "500", "currency": "CNY"}})),
            ("gratuits", json!({"pricing": ["FREE"]})),
            ("на английском языке", json!({"language": ["en"]})),
            ("German", json!({"language": ["de"]})),
            ("Deutschland", json!({"location": {"country": "DE"}})),
        ] {
            assert_eq!(fact(text), Some(filter), "{text}");
        }
        for text in ["python", "certification", "may", "under", "500", "under 3 months", "unter 6 Monaten"] {
            assert_eq!(fact(text), None, "{text}");
        }
    }

    #[test]
    fn ages_years_versions_and_codes_are_no_prices() {
        for text in [
            "kids under 18",
            "under 18",
            "under 18s",
            "over 18",
            "for adults over 60",
            "seniors 60+",
            "ages 8-12",
            "ages 8 to 12",
            "aged under 16",
            "ab 16 Jahren",
            "ab 16",
            "Kinder unter 14",
            "ab 8 Jahre",
            "bis zu 12-Jährige",
            "für Senioren über 65",
            "jusqu'à 12 ans",
            "enfants de moins de 12",
            "moins de 18 ans",
            "niños hasta 12 años",
            "niños menos de 10",
            "mayores desde 55",
            "crianças até 12",
            "a partir de 16 anos",
            "дети до 12",
            "до 16 лет",
            "взрослые от 50",
            "12歳以下",
            "12岁以下",
            "不超过12岁",
            "from 2024",
            "under 2024",
            "desde 2024",
            "до 2025",
            "mindestens 2023",
            "excel 2019",
            "python 3",
            "python 3.12",
            "under 3.11.2",
            "over 1.5 hours",
            "moins de 1,5 heures",
            "angular less than 17",
            "CS 101",
            "MATH-200",
            "up to 300 words",
            "at least 5 projects",
            "under 10-20",
            "more than 100 exercises",
            "under 1.000.00",
            "unter 1,5 Stunden",
            "over 50%",
        ] {
            assert_eq!(fact(text), None, "{text}");
        }
    }

    #[test]
    fn every_phrase_is_found() {
        let (months, phrases) = data_phrases();
        assert_eq!(months, 12);
        for (_, phrase) in phrases {
            let text = phrase.replace("{number}", "70").replace("{month}", "may").replace("{year}", "2030");
            let text = text.replace("{month_number}", "5");
            assert!(fact(&text.replace("{currency}", "eur")).is_some(), "{phrase}");
        }
    }

    #[test]
    fn only_a_price_is_cheap() {
        let cheap = ["cheap", "günstig", "billig", "дешев", "дорож", "moins cher", "barat"];
        for (filter, phrase) in data_phrases().1 {
            let is_price = filter.get("price").is_some() || filter.get("pricing").is_some();
            assert!(is_price || !cheap.iter().any(|word| phrase.contains(word)), "{phrase}");
        }
    }
}
