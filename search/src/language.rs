//! Syntax of search texts: words, "quoted phrases" and -exclusions. Any text is valid. Does not belong here: how the
//! index is queried.

use unicode_normalization::UnicodeNormalization;

use super::query_language::QueryLanguage;
use super::scripts::is_unspaced;
use super::segmentation::segments;
use super::stop_words::are_stop_words;
use super::tokenizer::{Word, words};
use crate::error::{Error, Result};
use crate::folding::fold;

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
    /// Whether it is ignored if there is another one: an unquoted function word.
    pub(super) is_filler: bool,
    /// Whether it directly follows the clause before it, as in a text without spaces.
    pub(super) is_joined: bool,
}

/// Parsed text.
#[derive(Default)]
pub(super) struct ParsedText {
    pub(super) clauses: Vec<Clause>,
    /// Primary subtags of the languages that it may be in. Empty if nothing tells.
    pub(super) languages: Vec<&'static str>,
}

impl Clause {
    /// Text in the form in which names of places are compared.
    pub(super) fn place_key(&self) -> String {
        if self.written.contains(is_unspaced) {
            return fold(&self.written);
        }
        self.words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
    }

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
pub(super) fn parse(text: &str) -> Result<ParsedText> {
    check("query", text)?;
    let text = with_usual_width(text);
    let mut clauses = Vec::new();
    let mut rest = text.as_str();
    while let Some((plain, quoted, after)) = next_quotes(rest) {
        let excludes = plain.ends_with('-') && !plain.trim_end_matches('-').ends_with(|c: char| c.is_alphanumeric());
        clauses.extend(bare_clauses(plain)?);
        clauses.extend(clause(quoted, true, excludes));
        rest = after;
    }
    clauses.extend(bare_clauses(rest)?);
    let mut language =
        QueryLanguage::of(clauses.iter().filter(|clause| !clause.quoted).flat_map(|clause| &clause.words))?;
    for clause in clauses.iter_mut().filter(|clause| !clause.quoted) {
        clause.is_filler =
            are_stop_words(&clause.words) || clause.words.iter().all(|word| language.is_function_word(word));
    }
    Ok(ParsedText { clauses, languages: language.tags })
}

/// Text of consecutive clauses as typed.
pub(super) fn text_of<'c>(clauses: impl IntoIterator<Item = &'c Clause>) -> String {
    let mut text = String::new();
    for clause in clauses {
        if !text.is_empty() && !clause.is_joined {
            text.push(' ');
        }
        text.push_str(&clause.written);
    }
    text
}

/// Replaces full-width letters and half-width kana by the usual ones.
fn with_usual_width(text: &str) -> String {
    let is_unusual = |c: char| matches!(c, '\u{FF01}'..='\u{FFEF}');
    if !text.contains(is_unusual) {
        return text.to_owned();
    }
    let mut usual = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_unusual) {
        let (before, from) = rest.split_at(at);
        let (unusual, after) = from.split_at(from.find(|c| !is_unusual(c)).unwrap_or(from.len()));
        usual.push_str(before);
        usual.extend(unusual.nfkc());
        rest = after;
    }
    usual + rest
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
fn bare_clauses(text: &str) -> Result<Vec<Clause>> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut sign = None;
    for piece in text.split_inclusive(is_gap) {
        let word = piece.trim_end_matches(is_gap);
        let following = piece.chars().next_back().and_then(currency);
        let wanted = word.trim_start_matches('-');
        let found =
            if wanted.len() < word.len() { clause(wanted, false, true).into_iter().collect() } else { joined(wanted)? };
        if !found.is_empty() {
            let currency = following.or(sign.take());
            clauses.extend(found.into_iter().map(|clause| Clause { currency, ..clause }));
        } else if let Some(amount) = clauses.last_mut().filter(|last| following.is_some() && last.is_number()) {
            amount.currency = amount.currency.or(following);
        } else {
            sign = following.or(sign);
        }
    }
    Ok(clauses)
}

/// Clauses of a text without gaps, which are several in a script without spaces.
fn joined(text: &str) -> Result<Vec<Clause>> {
    let clauses = segments(text)?.into_iter().filter_map(|segment| clause(segment, false, false));
    let mut clauses: Vec<Clause> = clauses.collect();
    clauses.iter_mut().skip(1).for_each(|clause| clause.is_joined = true);
    Ok(clauses)
}

fn clause(text: &str, quoted: bool, excluded: bool) -> Option<Clause> {
    let words = words(text);
    let (minus, quote) = (if excluded { "-" } else { "" }, if quoted { "\"" } else { "" });
    let written = format!("{minus}{quote}{text}{quote}");
    (!words.is_empty()).then_some(Clause {
        words,
        written,
        currency: None,
        quoted,
        excluded,
        is_filler: false,
        is_joined: false,
    })
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
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』')
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
        parse(text).unwrap().clauses.into_iter().map(show).collect()
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
        let signs = |text: &str| parse(text).unwrap().clauses.iter().map(|clause| clause.currency).collect::<Vec<_>>();
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
