//! Files of an operator with more facts and synonyms, read once, before the first search. Does not belong here: where the
//! files are.

use chrono::NaiveDate;
use serde_json::Value;

use super::fact_captures::{Captures, mentions, with_currency};
use super::fact_parts::{PhrasePart, parts};
use super::fact_phrases::{FactEntry, OPERATOR_FACTS};
use super::synonyms::{OPERATOR_SYNONYMS, names_of_line};
use super::tokenizer::words;

/// Maximum number of lines of a file.
const MAX_LINES: usize = 10_000;
/// Maximum number of names of a line of synonyms, and of phrases of a fact.
const MAX_NAMES: usize = 100;
/// Maximum length of a name or a phrase.
const MAX_NAME_CHARS: usize = 100;

/// Line of a file that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Number of the line, from 1.
    pub line: usize,
    /// Rule that it breaks.
    pub rule: String,
}

type Result<T> = std::result::Result<T, LineError>;

/// Adds the synonyms of a file in the form of `search/data/synonyms.txt`. A second file has no effect.
pub fn add_synonyms(text: &str) -> Result<()> {
    for (line, text) in lines(text)? {
        let fail = |rule: &str| Err(LineError { line, rule: rule.to_owned() });
        let Some(names) = names_of_line(text) else {
            return fail("must be a name, = and its other names, separated by commas");
        };
        if names.len() > MAX_NAMES {
            return fail("must have at most 100 names");
        }
        if !names.iter().all(|name| is_name(name)) {
            return fail("each name must have a letter or digit, and at most 100 characters");
        }
    }
    OPERATOR_SYNONYMS.get_or_init(|| text.lines().map(str::to_owned).collect());
    Ok(())
}

/// Adds the facts of a file of JSON lines, each in the form of the facts in `search/data/facts.json`. `check` tells what
/// is wrong with a filter. A second file has no effect.
pub fn add_facts(text: &str, check: impl Fn(&Value) -> Option<String>) -> Result<()> {
    let mut facts = Vec::new();
    for (line, text) in lines(text)? {
        let fact = read_fact(text, &check).map_err(|rule| LineError { line, rule })?;
        facts.push(fact);
    }
    OPERATOR_FACTS.get_or_init(|| facts);
    Ok(())
}

/// Lines of a file with their numbers, without comments and empty lines.
fn lines(text: &str) -> Result<Vec<(usize, &str)>> {
    if text.lines().nth(MAX_LINES).is_some() {
        return Err(LineError { line: MAX_LINES + 1, rule: "a file must have at most 10,000 lines".to_owned() });
    }
    let lines = (1..).zip(text.lines().map(str::trim));
    Ok(lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect())
}

fn read_fact(text: &str, check: impl Fn(&Value) -> Option<String>) -> std::result::Result<FactEntry, String> {
    let shape = "must be a JSON object with filter, phrases by language and, if needed, is_subject";
    let fact: FactEntry = serde_json::from_str(text).map_err(|_| shape.to_owned())?;
    let phrases: Vec<&String> = fact.phrases.values().flatten().collect();
    if phrases.is_empty() || phrases.len() > MAX_NAMES {
        return Err("must have 1 to 100 phrases".to_owned());
    }
    for phrase in phrases {
        let parts = parts(phrase);
        if !is_name(phrase)
            || !matches!(parts.first(), Some(PhrasePart::Word(_) | PhrasePart::Number | PhrasePart::Currency))
        {
            return Err(format!(
                "the phrase {phrase:?} must begin with a word, a number or a currency, and have at most 100 characters"
            ));
        }
        let filter = sample(&parts).fill(&fact.filter, NaiveDate::default());
        let Some(filter) = filter.filter(|_| phrase.matches('{').count() == placeholders(&parts)) else {
            return Err(format!("the phrase {phrase:?} and the filter must have the same placeholders"));
        };
        let filter = if mentions(&filter, "{currency}") { with_currency(&filter, "USD") } else { filter };
        if let Some(rule) = check(&filter) {
            return Err(format!("filter: {rule}"));
        }
    }
    Ok(fact)
}

fn placeholders(parts: &[PhrasePart]) -> usize {
    parts.iter().filter(|part| !matches!(part, PhrasePart::Word(_))).count()
}

/// Values for the placeholders of a phrase.
fn sample(parts: &[PhrasePart]) -> Captures {
    let has = |part: PhrasePart| parts.contains(&part);
    Captures {
        number: has(PhrasePart::Number).then_some(7.into()),
        currency: has(PhrasePart::Currency).then(|| "USD".to_owned()),
        month: (has(PhrasePart::Month) || has(PhrasePart::MonthNumber)).then_some(5),
        year: has(PhrasePart::Year).then_some(2030),
    }
}

fn is_name(text: &str) -> bool {
    text.chars().count() <= MAX_NAME_CHARS && !words(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let fault = add_facts(text, |_| None).unwrap_err();
        format!("{}: {}", fault.line, fault.rule)
    }

    #[test]
    fn a_line_that_breaks_a_rule_is_named() {
        assert!(fault("# facts\n\n{}").starts_with("3: must be a JSON object"));
        assert!(fault(r#"{"filter": {}, "phrases": {"en": []}}"#).starts_with("1: must have 1 to 100 phrases"));
        let other = r#"{"filter": {"weeks": {"lte": "{number}"}}, "phrases": {"en": ["quick"]}}"#;
        assert!(fault(other).contains("the same placeholders"));
        let unknown = r#"{"filter": {}, "phrases": {"en": ["quick {speed}"]}}"#;
        assert!(fault(unknown).contains("the same placeholders"));
        assert_eq!(add_synonyms("ok = fine\nnothing").unwrap_err().line, 2);
        assert_eq!(add_synonyms("= other").unwrap_err().line, 1);
        assert_eq!(add_synonyms(&"a = b\n".repeat(MAX_LINES + 1)).unwrap_err().line, MAX_LINES + 1);
    }
}
