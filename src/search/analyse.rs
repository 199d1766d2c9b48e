//! How a text is taken apart into words, the same for what is indexed and for what is asked. What must not go in: what
//! an asker means by the words.

use std::sync::LazyLock;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, PreTokenizedStream, PreTokenizedString, RemoveLongFilter, Stemmer, StopWordFilter,
    TextAnalyzer, Token, Tokenizer,
};

use crate::text::fold;

/// Beginnings of words are indexed up to this many characters; what is typed beyond tells few names apart.
pub(super) const LONGEST_PREFIX: usize = 20;
/// Words from this many bytes on are not indexed: nobody types them, and encoded data consists of them.
const LONG: usize = 64;

/// Makes the analysers known to an index under the names that its fields use.
pub(super) fn register(index: &tantivy::Index) {
    let short = RemoveLongFilter::limit(LONG);
    let stemmer = Stemmer::new(Language::English);
    let words = TextAnalyzer::builder(Words).filter(AsciiFoldingFilter).filter(short);
    index.tokenizers().register("stemmed", words.filter(stemmer).build());
    let short = RemoveLongFilter::limit(LONG);
    index
        .tokenizers()
        .register("folded", TextAnalyzer::builder(Words).filter(AsciiFoldingFilter).filter(short).build());
    index.tokenizers().register("prefixes", Prefixes);
}

/// A word as it is compared, and its stem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Accents and case folded.
    pub(super) folded: String,
    /// What is left without its ending.
    pub(super) stem: String,
}

/// The words of a text. None is left out for its length: a long word is asked for too, and found nowhere.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = TextAnalyzer::builder(Words).filter(AsciiFoldingFilter);
    let stems = TextAnalyzer::builder(Words).filter(AsciiFoldingFilter).filter(Stemmer::new(Language::English));
    let pairs = texts(folded.build(), text).into_iter().zip(texts(stems.build(), text));
    pairs.map(|(folded, stem)| Word { folded, stem }).collect()
}

/// Whether a folded word says nothing by itself, e.g. `the`.
pub(super) fn is_stopword(word: &str) -> bool {
    static FILLER: LazyLock<TextAnalyzer> = LazyLock::new(|| {
        let none = || StopWordFilter::remove([]);
        let filler = StopWordFilter::new(Language::English).unwrap_or_else(none);
        TextAnalyzer::builder(Words).filter(filler).build()
    });
    texts(FILLER.clone(), word).is_empty()
}

fn texts(mut analyser: TextAnalyzer, text: &str) -> Vec<String> {
    let mut texts = Vec::new();
    analyser.token_stream(text).process(&mut |token| texts.push(token.text.clone()));
    texts
}

/// Takes out runs of letters and digits. An apostrophe within a word is dropped, so that `women's` is one word, and
/// the sign after a single letter is kept, so that C, C# and C++ are three. The library's own tokenisers know
/// neither; its regular expressions would, at a tenth of the speed.
#[derive(Clone)]
struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = PreTokenizedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreTokenizedStream {
        stream(runs(text).enumerate().map(|(position, (from, run))| Token {
            offset_from: from,
            offset_to: from + run.len(),
            position,
            text: fold(run).replace(is_apostrophe, ""),
            position_length: 1,
        }))
    }
}

/// Every beginning of every word, each at the place of its word.
#[derive(Clone)]
struct Prefixes;

impl Tokenizer for Prefixes {
    type TokenStream<'a> = PreTokenizedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreTokenizedStream {
        let mut words = TextAnalyzer::builder(Words).filter(AsciiFoldingFilter).build();
        let mut tokens = Vec::new();
        words.token_stream(text).process(&mut |word| {
            tokens.extend(prefixes(&word.text).map(|prefix| Token { text: prefix.to_owned(), ..*word }));
        });
        stream(tokens.into_iter())
    }
}

fn prefixes(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST_PREFIX);
    ends.filter_map(|end| word.get(..end))
}

fn stream(tokens: impl Iterator<Item = Token>) -> PreTokenizedStream {
    PreTokenizedString { text: String::new(), tokens: tokens.collect() }.into()
}

/// The words of a text as they stand in it, with where they begin.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let from = at + rest.find(is_letter)?;
        let rest = text.get(from..)?;
        let run = rest.get(..run_length(rest))?;
        at = from + run.len();
        Some((from, run))
    })
}

fn run_length(text: &str) -> usize {
    let mut letters = 0;
    let mut end = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let joins = is_apostrophe(c) && rest.peek().is_some_and(|(_, next)| is_letter(*next));
        if !is_letter(c) && !joins {
            break;
        }
        letters += 1;
        end = at + c.len_utf8();
    }
    if letters == 1 { end + sign_length(text, end) } else { end }
}

fn sign_length(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    ["++", "+", "#"].iter().find(|sign| rest.starts_with(**sign)).map_or(0, |sign| sign.len())
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn names_with_signs_stay_apart() {
        assert_eq!(folded("C, C# and C++; F#/A+"), ["c", "c#", "and", "c++", "f#", "a+"]);
        assert_eq!(folded("ASP.NET, Node.js, Security+"), ["asp", "net", "node", "js", "security"]);
    }

    #[test]
    fn accents_case_and_forms_are_folded() {
        assert_eq!(folded("Ünïcode Straße Øre ﬁne ＦＵＬＬ"), ["unicode", "strasse", "ore", "fine", "full"]);
        assert_eq!(folded("cafe\u{301} CAFÉ"), ["cafe", "cafe"]);
    }

    #[test]
    fn an_apostrophe_within_a_word_is_no_end_of_it() {
        assert_eq!(folded("women’s O'Reilly 'quoted' rock'"), ["womens", "oreilly", "quoted", "rock"]);
    }

    #[test]
    fn what_is_no_text_has_no_words() {
        for text in ["", "   ", "\0", "*", ":*", "& | !", "🙂", "''", "-"] {
            assert_eq!(folded(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn beginnings_end_at_characters() {
        assert_eq!(prefixes("cöx").collect::<Vec<_>>(), ["c", "cö", "cöx"]);
        assert_eq!(prefixes(&"é".repeat(30)).count(), LONGEST_PREFIX);
    }

    #[test]
    fn a_token_says_where_it_stands() {
        let mut words = Words;
        let mut stream = words.token_stream("the É\u{301}tude!");
        let mut found = Vec::new();
        tantivy::tokenizer::TokenStream::process(&mut stream, &mut |token| {
            found.push((token.offset_from, token.offset_to, token.position));
        });
        assert_eq!(found, [(0, 3, 0), (4, 12, 1)]);
    }
}
