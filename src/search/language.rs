//! The language of search texts: words, "quoted phrases" and -exclusions. Any text at all is a sentence of it. What
//! must not go in: how the index is asked.

use super::tokenizer::{Word, words};
use crate::error::{AppError, Result};

/// A search text has at most this many characters.
const MAX_QUERY_CHARS: usize = 200;

/// One thing that is asked for, or excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its words, one after the other in the text; never none.
    pub(super) words: Vec<Word>,
    /// Whether it stood in quotes: then it is meant exactly as it was written.
    pub(super) quoted: bool,
    /// Whether what has it is unwanted.
    pub(super) excluded: bool,
}

/// Whether a text has anything to search for.
pub fn has_words(text: &str) -> bool {
    !words(text).is_empty()
}

/// How many words a text has.
pub fn word_count(text: &str) -> usize {
    words(text).len()
}

/// What a text asks for; empty where it has no word.
pub(super) fn parse(text: &str) -> Result<Vec<Clause>> {
    check("query", text)?;
    let mut clauses = Vec::new();
    let mut rest = text;
    while let Some((plain, quoted, after)) = next_quotes(rest) {
        let excludes = plain.ends_with('-') && !plain.trim_end_matches('-').ends_with(|c: char| c.is_alphanumeric());
        clauses.extend(plain.split(is_gap).filter_map(bare));
        clauses.extend(clause(quoted, true, excludes));
        rest = after;
    }
    clauses.extend(rest.split(is_gap).filter_map(bare));
    Ok(clauses)
}

/// Refuses a text, given in this argument, that is too long to be a search.
pub(super) fn check(argument: &str, text: &str) -> Result<()> {
    if text.chars().count() > MAX_QUERY_CHARS {
        return Err(AppError::input(argument, format!("must be at most {MAX_QUERY_CHARS} characters")));
    }
    Ok(())
}

/// The text before the next quotes, within them, and after them. A quotation mark without its other half is passed
/// over: it is most often a quotation that is still being typed.
fn next_quotes(text: &str) -> Option<(&str, &str, &str)> {
    let (plain, rest) = text.split_once(is_quote)?;
    let (quoted, after) = rest.split_once(is_quote)?;
    Some((plain, quoted, after))
}

fn bare(text: &str) -> Option<Clause> {
    let wanted = text.trim_start_matches('-');
    clause(wanted, false, wanted.len() < text.len())
}

fn clause(text: &str, quoted: bool, excluded: bool) -> Option<Clause> {
    let words = words(text);
    (!words.is_empty()).then_some(Clause { words, quoted, excluded })
}

/// What ends a clause. A hyphen or a dot does not: `full-stack` and `node.js` are two words that belong together.
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
