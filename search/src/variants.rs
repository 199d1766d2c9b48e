//! Variants of the words of a text: joined or split forms, aliases of skills, corrections and completions. Does not
//! belong here: the query that is built from them.

use super::language::Clause;
use super::look_alikes::look_alike;
use super::scripts::is_unspaced;
use super::stems::StemLanguage;
use super::text::{QueryBuilder, beginning_of};
use super::text_query::{Strictness, TextQuery};
use super::tokenizer::{Word, words};
use crate::error::Result;

/// Weight of another form or name relative to what was typed.
const VARIANT_WEIGHT: f32 = 0.4;
/// Weight of a completion of a prefix.
const COMPLETION_WEIGHT: f32 = 0.3;
/// Maximum number of words to join.
const MAX_JOINED_CLAUSES: usize = 2;

/// Consecutive words, with their weight relative to what was typed.
pub(super) type Variant = (Vec<Word>, f32);

impl QueryBuilder<'_> {
    /// Variants of the clause at an index. A phrase has none.
    pub(super) fn variants(
        &self,
        text_query: &TextQuery,
        index: usize,
        strictness: Strictness,
    ) -> Result<Vec<Variant>> {
        let Some(clause) = text_query.included.get(index).filter(|clause| !clause.quoted) else {
            return Ok(Vec::new());
        };
        let mut variants = Vec::new();
        for span in text_query.spans(index) {
            let names = self.reader.synonyms()?.of(span.iter().flat_map(|clause| &clause.words));
            variants.extend(names.iter().map(|name| (name.clone(), VARIANT_WEIGHT)));
            variants.extend(self.joined(span)?.map(|word| (word, VARIANT_WEIGHT)));
        }
        if let [word] = clause.words.as_slice() {
            let halves = self.vocabulary().splits(&word.folded)?.into_iter();
            variants.extend(halves.map(|(left, right)| (words(&format!("{left} {right}")), VARIANT_WEIGHT)));
            variants.extend(self.look_alike(word)?.map(|other| (vec![other], VARIANT_WEIGHT)));
            variants.extend(self.other_words(word, text_query.is_open(index), strictness)?);
        }
        Ok(variants)
    }

    /// Consecutive clauses as one word, if it exists: `e-mail` and `e mail` find `email` too.
    fn joined(&self, span: &[Clause]) -> Result<Option<Vec<Word>>> {
        let parts: Vec<&str> = span.iter().flat_map(|clause| &clause.words).map(|word| word.folded.as_str()).collect();
        if span.len() > MAX_JOINED_CLAUSES || parts.len() < 2 || parts.iter().any(|part| part.contains(is_unspaced)) {
            return Ok(None);
        }
        let joined = words(&parts.concat());
        Ok(self.is_known(&joined)?.then_some(joined))
    }

    /// The word in another alphabet that looks the same, if it exists.
    fn look_alike(&self, word: &Word) -> Result<Option<Word>> {
        let Some(other) = look_alike(&word.folded) else { return Ok(None) };
        let other = words(&other);
        Ok(if self.is_known(&other)? { other.into_iter().next() } else { None })
    }

    /// Completions and corrections of a word.
    fn other_words(&self, word: &Word, open: bool, strictness: Strictness) -> Result<Vec<Variant>> {
        let vocabulary = self.vocabulary();
        let known = self.is_known(std::slice::from_ref(word))?;
        let prefix = beginning_of(&word.folded);
        if open && self.last_word_prefix && vocabulary.count(self.reader.fields.prefixes, prefix, 1)? > 0 {
            return Ok(Vec::new());
        }
        if open && !self.last_word_prefix && (strictness == Strictness::LastWordPrefix || !known) {
            let longer = vocabulary.completions(&word.folded)?;
            if !longer.is_empty() {
                return Ok(longer.iter().map(|longer| (words(longer), COMPLETION_WEIGHT)).collect());
            }
        }
        let meant = vocabulary.corrections(&word.folded, known)?.into_iter();
        Ok(meant.map(|(meant, weight)| (words(&meant), weight)).collect())
    }

    /// Whether any of these words finds listings.
    pub(super) fn is_known(&self, words: &[Word]) -> Result<bool> {
        if self.vocabulary().is_any_common(&self.reader.fields.prose(), words, 1)? {
            return Ok(true);
        }
        for word in words {
            if self.has_stem(word, &self.reader.languages()?.of_word(self.reader, word)?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether any listing has the stem of a word in one of these languages.
    pub(super) fn has_stem(&self, word: &Word, languages: &[StemLanguage]) -> Result<bool> {
        for stem in languages.iter().flat_map(|language| language.stems(word)) {
            for field in self.reader.fields.stems() {
                if self.vocabulary().count(field, &stem, 1)? > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
