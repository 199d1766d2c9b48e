//! What else a text may mean by its words: the same written together or apart, other names of a skill, words that one may
//! be mistyped for or become. What must not go in: the query that is made of them.

use super::language::Clause;
use super::scripts::is_unspaced;
use super::spelling::Vocabulary;
use super::text::{QueryBuilder, beginning_of};
use super::text_query::{Strictness, TextQuery};
use super::tokenizer::{Word, words};
use crate::error::Result;

/// The weight of another form or name beside what was typed.
const VARIANT_WEIGHT: f32 = 0.4;
/// The weight of a word of which the beginning was typed.
const COMPLETION_WEIGHT: f32 = 0.3;
/// Words that are tried as one at most.
const MAX_JOINED_CLAUSES: usize = 2;

/// Words that follow each other, and their weight beside what was typed.
pub(super) type Variant = (Vec<Word>, f32);

impl QueryBuilder<'_> {
    /// What the thing wanted at a place may mean beside what it says. A phrase means what it says.
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
            let vocabulary = self.vocabulary();
            let halves = vocabulary.splits(&word.folded)?.into_iter();
            variants.extend(halves.map(|(left, right)| (words(&format!("{left} {right}")), VARIANT_WEIGHT)));
            variants.extend(self.other_words(&vocabulary, word, text_query.is_open(index), strictness)?);
        }
        Ok(variants)
    }

    /// Things wanted one after the other as one word, where there is one: `e-mail` and `e mail` find `email` too.
    fn joined(&self, span: &[Clause]) -> Result<Option<Vec<Word>>> {
        let parts: Vec<&str> = span.iter().flat_map(|clause| &clause.words).map(|word| word.folded.as_str()).collect();
        if span.len() > MAX_JOINED_CLAUSES || parts.len() < 2 || parts.iter().any(|part| part.contains(is_unspaced)) {
            return Ok(None);
        }
        let joined = words(&parts.concat());
        Ok(if self.is_known(&joined)? { Some(joined) } else { None })
    }

    /// The words that a word may become or be mistyped for.
    fn other_words(
        &self,
        vocabulary: &Vocabulary,
        word: &Word,
        open: bool,
        strictness: Strictness,
    ) -> Result<Vec<Variant>> {
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

    /// Whether listings are found by one of these words.
    fn is_known(&self, words: &[Word]) -> Result<bool> {
        let vocabulary = self.vocabulary();
        for (field, word) in
            self.reader.fields.prose().into_iter().flat_map(|field| words.iter().map(move |w| (field, w)))
        {
            if vocabulary.count(field, &word.stem, 1)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
