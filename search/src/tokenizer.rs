//! Splits texts into words, in the same way for the index and for queries. Does not belong here: how a query interprets
//! the words.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, PreTokenizedStream, PreTokenizedString, RemoveLongFilter, Stemmer, TextAnalyzer,
    Token, Tokenizer,
};

use unicode_normalization::UnicodeNormalization;

use super::look_alikes::in_latin;
use super::scripts::{is_unspaced, letters, pieces};
use crate::folding::fold;

/// Articles and prepositions that are joined to the next word by an apostrophe: `l'art` is a listing on `art`.
const ELIDED: &str = "all c d dall dell j l m n nell qu s sull t un";
/// Least number of letters after an elided word. Shorter words are English endings.
const MIN_LETTERS_AFTER_ELISION: usize = 3;

/// Maximum length of an indexed prefix. Longer input hardly distinguishes more names.
pub(super) const MAX_PREFIX_CHARS: usize = 20;
/// Words of this many bytes or more are not indexed: nobody types them, and encoded data consists of them.
const MAX_WORD_BYTES: usize = 64;

/// Registers the analysers with an index under the names that its fields use.
pub(super) fn register(index: &tantivy::Index) {
    let short = RemoveLongFilter::limit(MAX_WORD_BYTES);
    let folded = || TextAnalyzer::builder(INDEX_TOKENIZER).filter(AsciiFoldingFilter).filter(short.clone());
    index.tokenizers().register("folded", folded().build());
    let stemmed = folded().filter(Stemmer::new(Language::English)).filter(Stemmer::new(Language::Russian));
    index.tokenizers().register("stemmed", stemmed.build());
    index.tokenizers().register("prefixes", PrefixTokenizer);
}

/// Word in the form in which it is compared, and its stem.
#[derive(Clone, Debug, Eq)]
pub(super) struct Word {
    /// Word with accents and case folded.
    pub(super) folded: String,
    /// Word without its English or Russian ending.
    pub(super) stem: String,
    /// Word in lower case with its accents, for the stemmers of other languages.
    pub(super) written: String,
}

/// Accents make no difference.
impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

/// Words of a text. Long words are included: a query with one finds nothing.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = || TextAnalyzer::builder(QUERY_TOKENIZER).filter(AsciiFoldingFilter);
    // A stemmer changes only words in letters of its language.
    let stems = folded().filter(Stemmer::new(Language::English)).filter(Stemmer::new(Language::Russian));
    let written = texts(TextAnalyzer::builder(WRITTEN_TOKENIZER).build(), text).into_iter();
    let stems = texts(stems.build(), text).into_iter().zip(written);
    let words = texts(folded().build(), text).into_iter().zip(stems);
    words.map(|(folded, (stem, written))| Word { folded, stem, written }).collect()
}

fn texts(mut analyser: TextAnalyzer, text: &str) -> Vec<String> {
    let mut texts = Vec::new();
    analyser.token_stream(text).process(&mut |token| texts.push(token.text.clone()));
    texts
}

/// Tokenizer for runs of letters and digits. It drops an apostrophe within a word, so that `women's` is one word, and
/// keeps a sign after a single letter, so that C, C# and C++ are three words. The library's own tokenizers do neither;
/// its regular expressions could, at a tenth of the speed. In scripts without spaces, every two adjacent letters are a
/// token.
#[derive(Clone)]
pub(super) struct WordTokenizer {
    /// Whether each single letter of a script without spaces is a token as well.
    letters: bool,
    /// Whether accents are folded.
    folds: bool,
}

/// Tokenizer for documents: a single letter finds every word that contains it.
const INDEX_TOKENIZER: WordTokenizer = WordTokenizer { letters: true, folds: true };
/// Tokenizer for queries.
pub(super) const QUERY_TOKENIZER: WordTokenizer = WordTokenizer { letters: false, folds: true };
/// Tokenizer that keeps accents. It finds the same words as the one for queries.
pub(super) const WRITTEN_TOKENIZER: WordTokenizer = WordTokenizer { letters: false, folds: false };

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = PreTokenizedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreTokenizedStream {
        let mut tokens = Vec::new();
        let mut position = 0;
        for (start, run) in runs(text) {
            for (at, piece) in pieces(run) {
                position = self.take(piece, start + at, position, &mut tokens);
            }
        }
        stream(tokens)
    }
}

impl WordTokenizer {
    /// Adds the tokens of a piece, and returns the next position.
    fn take(&self, piece: &str, at: usize, position: usize, tokens: &mut Vec<Token>) -> usize {
        let letters = if piece.starts_with(is_unspaced) { letters(piece) } else { Vec::new() };
        let Some(last) = letters.len().checked_sub(1).filter(|last| *last > 0) else {
            let word = letters.first().map_or_else(|| without_elision(piece), |letter| letter.text);
            tokens.push(self.token(word, at + (piece.len() - word.len()), at + piece.len(), position));
            return position + 1;
        };
        for (place, letter) in letters.iter().enumerate() {
            if self.letters {
                let position = position + place.min(last - 1);
                tokens.push(self.token(letter.text, at + letter.from, at + letter.to, position));
            }
            if let Some(next) = letters.get(place + 1) {
                let both = format!("{}{}", letter.text, next.text);
                tokens.push(self.token(&both, at + letter.from, at + next.to, position + place));
            }
        }
        position + last
    }

    fn token(&self, text: &str, offset_from: usize, offset_to: usize, position: usize) -> Token {
        let word = if self.folds { fold_word(text) } else { text.nfc().flat_map(char::to_lowercase).collect() };
        let word = word.replace(is_apostrophe, "");
        let text = if self.folds { in_latin(&word).unwrap_or(word) } else { word };
        Token { offset_from, offset_to, position, text, position_length: 1 }
    }
}

/// A word without the article that is joined to it.
fn without_elision(word: &str) -> &str {
    let parts = word.split_once(is_apostrophe).filter(|(article, rest)| {
        rest.chars().nth(MIN_LETTERS_AFTER_ELISION - 1).is_some()
            && ELIDED.split(' ').any(|elided| article.eq_ignore_ascii_case(elided))
    });
    parts.map_or(word, |(_, rest)| rest)
}

/// Folds a word. Cyrillic й stays, because it is a letter of its own: Russian endings are not recognized without it.
fn fold_word(text: &str) -> String {
    if text.is_ascii() {
        return fold(text);
    }
    let composed: String = text.nfc().collect();
    composed.split(['й', 'Й']).map(fold).collect::<Vec<_>>().join("й")
}

/// Tokenizer for every prefix of every word, at the position of the word.
#[derive(Clone)]
struct PrefixTokenizer;

impl Tokenizer for PrefixTokenizer {
    type TokenStream<'a> = PreTokenizedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreTokenizedStream {
        let mut words = TextAnalyzer::builder(INDEX_TOKENIZER).filter(AsciiFoldingFilter).build();
        let mut tokens = Vec::new();
        words.token_stream(text).process(&mut |word| {
            tokens.extend(prefixes(&word.text).map(|prefix| Token { text: prefix.to_owned(), ..*word }));
        });
        stream(tokens)
    }
}

fn prefixes(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(MAX_PREFIX_CHARS);
    ends.filter_map(|end| word.get(..end))
}

fn stream(tokens: Vec<Token>) -> PreTokenizedStream {
    PreTokenizedString { text: String::new(), tokens }.into()
}

/// Words of a text as written, with their offsets.
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
    use tantivy::tokenizer::TokenStream;

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
    fn endings_are_those_of_the_alphabet() {
        let stems = |text| words(text).into_iter().map(|word| word.stem).collect::<Vec<_>>();
        assert_eq!(stems("английский"), stems("английского"));
        assert_eq!(stems("маркетинг"), stems("маркетингу"));
        assert_eq!(stems("weaving"), stems("weaves"));
        assert_eq!(folded("и\u{306}од Йод С++ 1С"), ["йод", "йод", "c++", "1c"]);
    }

    #[test]
    fn an_apostrophe_within_a_word_is_no_end_of_it() {
        assert_eq!(folded("women’s O'Reilly 'quoted' rock'"), ["womens", "oreilly", "quoted", "rock"]);
        assert_eq!(folded("l’apprentissage d'art dell'Arte C's"), ["apprentissage", "art", "arte", "cs"]);
    }

    #[test]
    fn what_is_no_text_has_no_words() {
        for text in ["", "   ", "\0", "*", ":*", "& | !", "🙂", "''", "-"] {
            assert_eq!(folded(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_taken_two_letters_at_a_time() {
        assert_eq!(
            folded("生活英语A1 设 ภาษาไทย"),
            ["生活", "活英", "英语", "a1", "设", "ภา", "าษ", "ษา", "าไ", "ไท", "ทย"]
        );
        let mut indexed = Vec::new();
        INDEX_TOKENIZER
            .clone()
            .token_stream("英语 A")
            .process(&mut |token| indexed.push((token.position, token.text.clone())));
        assert_eq!(indexed, [(0, "英"), (0, "英语"), (0, "语"), (1, "a")].map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn narrow_and_long_forms_are_folded() {
        assert_eq!(folded("ｳｪﾌﾞﾃﾞｻﾞｲﾝ"), folded("ウェブデザイン"));
        assert_eq!(folded("サーバー"), folded("サーバ"));
        assert_eq!(folded("キー").len(), 1);
        assert_ne!(folded("キー"), folded("キ"));
    }

    #[test]
    fn beginnings_end_at_characters() {
        assert_eq!(prefixes("cöx").collect::<Vec<_>>(), ["c", "cö", "cöx"]);
        assert_eq!(prefixes(&"é".repeat(30)).count(), MAX_PREFIX_CHARS);
    }

    #[test]
    fn a_token_says_where_it_stands() {
        let mut words = INDEX_TOKENIZER;
        let mut stream = words.token_stream("the É\u{301}tude!");
        let mut found = Vec::new();
        stream.process(&mut |token| {
            found.push((token.offset_from, token.offset_to, token.position));
        });
        assert_eq!(found, [(0, 3, 0), (4, 12, 1)]);
    }
}
