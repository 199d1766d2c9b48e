//! The language that a search text looks like: by its letters, and by function words and words of facts. Does not belong
//! here: the languages of listings.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tantivy::tokenizer::{Language, RawTokenizer, StopWordFilter, TextAnalyzer};

use super::fact_phrases::fact_phrases;
use super::stop_words::languages_of_stop_word;
use super::tokenizer::Word;
use crate::error::Result;

/// Languages with a list of function words.
const LISTS: [(&str, Language); 13] = [
    ("da", Language::Danish),
    ("de", Language::German),
    ("en", Language::English),
    ("es", Language::Spanish),
    ("fi", Language::Finnish),
    ("fr", Language::French),
    ("hu", Language::Hungarian),
    ("it", Language::Italian),
    ("nl", Language::Dutch),
    ("no", Language::Norwegian),
    ("pt", Language::Portuguese),
    ("ru", Language::Russian),
    ("sv", Language::Swedish),
];
/// Least number of words of a language by which its function words are ignored. A single one may be a word of another
/// language: `war`, `die`.
const MIN_WORDS: usize = 2;

/// Language of a search text.
#[derive(Clone, Default)]
pub(super) struct QueryLanguage {
    /// Primary subtags of the languages that it may be in. Empty if nothing tells.
    pub(super) tags: Vec<&'static str>,
    /// Function words of the language, if it is sure.
    function_words: Vec<TextAnalyzer>,
}

impl QueryLanguage {
    /// Recognizes the language of these words.
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w Word> + Clone) -> Result<Self> {
        let by_letters = words.clone().filter_map(|word| of_letters(&word.written)).min_by_key(|tags| tags.len());
        let counts = counts(words)?;
        let most = counts.values().max().copied().unwrap_or_default();
        let best = |tag: &&str| most > 0 && counts.get(*tag) == Some(&most);
        let tags: Vec<&str> = counts.keys().copied().filter(best).collect();
        let is_sure = most >= MIN_WORDS && !tags.contains(&"en");
        let lists = function_words().iter().filter(|(tag, _)| is_sure && tags.contains(tag));
        let function_words = lists.map(|(_, list)| list.clone()).collect();
        Ok(Self { tags: by_letters.map_or(tags, <[_]>::to_vec), function_words })
    }

    /// Whether a word is a function word of the language. A single consonant is none, as in "c plus plus": C, D and R are
    /// names.
    pub(super) fn is_function_word(&mut self, word: &Word) -> bool {
        let is_consonant = |letter: &u8| letter.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(letter);
        let may_be_name = matches!(word.written.as_bytes(), [letter] if is_consonant(letter));
        !may_be_name && self.function_words.iter_mut().any(|list| is_listed(list, &word.written))
    }
}

/// Number of words that tell a language, by language.
fn counts<'w>(words: impl Iterator<Item = &'w Word>) -> Result<BTreeMap<&'static str, usize>> {
    let phrases = fact_phrases()?;
    let mut lists = function_words().to_vec();
    let mut counts = BTreeMap::new();
    for word in words {
        let mut tags: Vec<&'static str> = languages_of_stop_word(&word.folded).to_vec();
        tags.extend(phrases.languages_of(&word.folded).into_iter().flatten().map(String::as_str));
        tags.extend(lists.iter_mut().filter_map(|(tag, list)| is_listed(list, &word.written).then_some(*tag)));
        tags.sort_unstable();
        tags.dedup();
        for tag in tags {
            *counts.entry(tag).or_default() += 1;
        }
    }
    Ok(counts)
}

fn function_words() -> &'static [(&'static str, TextAnalyzer)] {
    static ANALYSERS: OnceLock<Vec<(&str, TextAnalyzer)>> = OnceLock::new();
    ANALYSERS.get_or_init(|| {
        let list = |(tag, language)| {
            let words = StopWordFilter::new(language)?;
            Some((tag, TextAnalyzer::builder(RawTokenizer::default()).filter(words).build()))
        };
        LISTS.into_iter().filter_map(list).collect()
    })
}

/// Whether a list of function words removes a word.
fn is_listed(list: &mut TextAnalyzer, word: &str) -> bool {
    !list.token_stream(word).advance()
}

/// Languages that are written in the letters of a word; `None` for Latin ones.
fn of_letters(word: &str) -> Option<&'static [&'static str]> {
    let tags: &[&str] = match word.chars().find(|c| c.is_alphabetic())? {
        '\u{370}'..='\u{3FF}' => &["el"],
        '\u{400}'..='\u{52F}' => &["ru", "uk", "be", "bg", "kk", "mk", "sr"],
        '\u{530}'..='\u{58F}' => &["hy"],
        '\u{590}'..='\u{5FF}' => &["he"],
        '\u{600}'..='\u{77F}' => &["ar", "fa", "ur"],
        '\u{900}'..='\u{97F}' => &["hi", "mr", "ne"],
        '\u{980}'..='\u{9FF}' => &["bn"],
        '\u{B80}'..='\u{BFF}' => &["ta"],
        '\u{C00}'..='\u{C7F}' => &["te"],
        '\u{E00}'..='\u{E7F}' => &["th"],
        '\u{10A0}'..='\u{10FF}' => &["ka"],
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7FF}' => &["ko"],
        '\u{3041}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9D}' => &["ja"],
        '\u{3400}'..='\u{9FFF}' => &["zh", "ja"],
        _ => return None,
    };
    Some(tags)
}

#[cfg(test)]
mod tests {
    use super::super::tokenizer::words;
    use super::*;

    #[test]
    fn texts_tell_their_language() {
        for (text, tags) in [
            ("free courses", vec!["en"]),
            ("Wie lerne ich Programmieren ohne Vorkenntnisse", vec!["de"]),
            ("comment devenir développeur", vec!["fr"]),
            ("cursos gratis de marketing", vec!["es", "pt"]),
            ("бесплатные курсы", vec!["ru", "uk", "be", "bg", "kk", "mk", "sr"]),
            ("Python 入門", vec!["zh", "ja"]),
            ("写真を学ぶ", vec!["ja"]),
            ("사진 강의", vec!["ko"]),
            ("python", vec![]),
        ] {
            assert_eq!(QueryLanguage::of(words(text).iter()).unwrap().tags, tags, "{text}");
        }
    }

    #[test]
    fn function_words_are_those_of_a_language_that_is_sure() {
        let found = |text: &str| {
            let words = words(text);
            let mut language = QueryLanguage::of(words.iter()).unwrap();
            words.iter().filter(|word| language.is_function_word(word)).count()
        };
        assert_eq!(found("dessiner avec un crayon chez moi"), 3);
        assert_eq!(found("war photography"), 0);
        assert_eq!(found("to be or not to be"), 0);
        assert_eq!(found("c plus plus"), 0);
    }
}
