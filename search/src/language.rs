//! Syntax of search texts: words, "quoted phrases" and -exclusions. Any text is valid. Does not belong here: how the
//! index is queried.

use super::tokenizer::{Word, words};
use crate::error::{Error, Result};

/// Maximum length of a search text.
const MAX_QUERY_CHARS: usize = 200;

/// Word or phrase that is searched for or excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its consecutive words; never empty.
    pub(super) words: Vec<Word>,
    /// As it was typed, with its quotation marks or minus sign.
    pub(super) written: String,
    /// Currency, ISO 4217, whose sign stands beside it.
    pub(super) currency: Option<&'static str>,
    /// Whether it was quoted, and so has to match exactly.
    pub(super) quoted: bool,
    /// Whether listings with it are excluded.
    pub(super) excluded: bool,
}

impl Clause {
    /// Whether it is a whole number.
    pub(super) fn is_number(&self) -> bool {
        self.words.iter().all(|word| word.folded.bytes().all(|c| c.is_ascii_digit()))
    }
}

/// Whether a text contains anything to search for.
pub fn has_words(text: &str) -> bool {
    !words(text).is_empty()
}

/// Number of words of a text.
pub fn word_count(text: &str) -> usize {
    words(text).len()
}

/// Parses a text. The result is empty if it has no words.
pub(super) fn parse(text: &str) -> Result<Vec<Clause>> {
    check("query", text)?;
    let mut clauses = Vec::new();
    let mut rest = text;
    while let Some((plain, quoted, after)) = next_quotes(rest) {
        let excludes = plain.ends_with('-') && !plain.trim_end_matches('-').ends_with(|c: char| c.is_alphanumeric());
        clauses.extend(bare_clauses(plain));
        clauses.extend(clause(quoted, true, excludes));
        rest = after;
    }
    clauses.extend(bare_clauses(rest));
    Ok(clauses)
}

/// Rejects a text in this argument if it is too long.
pub(super) fn check(argument: &str, text: &str) -> Result<()> {
    if text.chars().count() > MAX_QUERY_CHARS {
        return Err(Error::input(argument, format!("must be at most {MAX_QUERY_CHARS} characters")));
    }
    Ok(())
}

/// Text before the next quotation, within it, and after it. An unmatched quotation mark is ignored: usually the
/// quotation is still being typed.
fn next_quotes(text: &str) -> Option<(&str, &str, &str)> {
    let (plain, rest) = text.split_once(is_quote)?;
    let (quoted, after) = rest.split_once(is_quote)?;
    Some((plain, quoted, after))
}

/// Clauses of a text without quotations.
fn bare_clauses(text: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut sign = None;
    for piece in text.split_inclusive(is_gap) {
        let word = piece.trim_end_matches(is_gap);
        let following = piece.chars().next_back().and_then(currency);
        let wanted = word.trim_start_matches('-');
        if let Some(found) = clause(wanted, false, wanted.len() < word.len()) {
            clauses.push(Clause { currency: following.or(sign.take()), ..found });
        } else if let Some(amount) = clauses.last_mut().filter(|last| following.is_some() && last.is_number()) {
            amount.currency = amount.currency.or(following);
        } else {
            sign = following.or(sign);
        }
    }
    clauses
}

fn clause(text: &str, quoted: bool, excluded: bool) -> Option<Clause> {
    let words = words(text);
    let (minus, quote) = (if excluded { "-" } else { "" }, if quoted { "\"" } else { "" });
    let written = format!("{minus}{quote}{text}{quote}");
    (!words.is_empty()).then_some(Clause { words, written, currency: None, quoted, excluded })
}

/// Currency of a sign. The dollar is that of the United States, which filters default to as well.
fn currency(sign: char) -> Option<&'static str> {
    let signs = [('€', "EUR"), ('$', "USD"), ('£', "GBP"), ('¥', "JPY"), ('₹', "INR"), ('₽', "RUB")];
    signs.into_iter().find(|(own, _)| *own == sign).map(|(_, code)| code)
}

/// Characters that end a clause. Hyphens and dots do not: `full-stack` and `node.js` are two words that belong
/// together.
fn is_gap(c: char) -> bool {
    let joins = matches!(c, '-' | '.' | '_' | '+' | '#' | '\'' | '’' | 'ʼ');
    !(joins || c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |clause: Clause| {
            let words: Vec<_> = clause.words.into_iter().map(|word| word.folded).collect();
            let quote = if clause.quoted { "\"" } else { "" };
            format!("{}{quote}{}{quote}", if clause.excluded { "-" } else { "" }, words.join(" "))
        };
        parse(text).unwrap().into_iter().map(show).collect()
    }

    #[test]
    fn words_phrases_and_exclusions_are_told_apart() {
        assert_eq!(
            shown("Python -java \"machine learning\" -\"deep dive\""),
            ["python", "-java", "\"machine learning\"", "-\"deep dive\""]
        );
        assert_eq!(shown("full-stack node.js html/css"), ["full stack", "node js", "html", "css"]);
        assert_eq!(shown("“data science”"), ["\"data science\""]);
    }

    #[test]
    fn a_currency_sign_belongs_to_the_number_beside_it() {
        let signs = |text: &str| parse(text).unwrap().iter().map(|clause| clause.currency).collect::<Vec<_>>();
        assert_eq!(signs("under €500"), [None, Some("EUR")]);
        assert_eq!(signs("500$ 20 £ 7"), [Some("USD"), Some("GBP"), None]);
    }

    #[test]
    fn any_text_is_a_sentence() {
        assert_eq!(shown("\"unclosed"), ["unclosed"]);
        assert_eq!(shown("a & | !"), ["a"]);
        assert_eq!(shown("- -- --x"), ["-x"]);
        for text in ["", " ", "*", ":*", "\"\"", "\"", "-", "-\"\"", "\0", "🙂"] {
            assert_eq!(shown(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        assert!(parse(&"é".repeat(MAX_QUERY_CHARS)).is_ok());
        assert!(parse(&"é".repeat(MAX_QUERY_CHARS + 1)).is_err());
    }
}
