//! Parts of the phrases that state facts: words in the form in which they are compared, and placeholders. Does not belong
//! here: which fact a phrase states.

use super::scripts::{is_unspaced, pieces};
use super::tokenizer::{Word, words};

/// Least number of letters of a word of a phrase that tells its language.
const MIN_TELLING_CHARS: usize = 3;

/// Part of a phrase.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PhrasePart {
    /// Word in the form in which it is compared.
    Word(String),
    Number,
    Month,
    /// Number of a month.
    MonthNumber,
    Year,
    Currency,
}

/// Parts of a phrase in scripts without spaces.
pub(super) fn unspaced_parts(phrase: &str) -> impl Iterator<Item = String> {
    let parts = phrase.split_whitespace().flat_map(pieces).map(|(_, piece)| piece);
    parts.filter(|piece| piece.starts_with(is_unspaced)).map(str::to_owned)
}

/// Word of a phrase that tells its language.
pub(super) fn telling_word(part: &PhrasePart) -> Option<&String> {
    match part {
        PhrasePart::Word(word) => Some(word).filter(|word| word.chars().nth(MIN_TELLING_CHARS - 1).is_some()),
        PhrasePart::Number | PhrasePart::Month | PhrasePart::MonthNumber | PhrasePart::Year | PhrasePart::Currency => {
            None
        }
    }
}

pub(super) fn parts(phrase: &str) -> Vec<PhrasePart> {
    let part = |text: &str| match text {
        "{number}" => vec![PhrasePart::Number],
        "{month}" => vec![PhrasePart::Month],
        "{month_number}" => vec![PhrasePart::MonthNumber],
        "{year}" => vec![PhrasePart::Year],
        "{currency}" => vec![PhrasePart::Currency],
        _ => words(text).iter().map(|word| PhrasePart::Word(key(word))).collect(),
    };
    phrase.split_whitespace().flat_map(part).collect()
}

/// Form in which a word is compared. English words have no endings that matter; without theirs, `certification` and
/// `certificate` would be the same.
pub(super) fn key(word: &Word) -> String {
    if word.folded.is_ascii() { word.folded.clone() } else { word.stem.clone() }
}

/// The same for a name.
pub(super) fn key_of(name: &str) -> String {
    words(name).iter().map(key).collect::<Vec<_>>().join(" ")
}
