//! What else a text may mean by its words: the same written together or apart, other names of a skill, words that one may
//! be mistyped for or become. What must not go in: the query that is made of them.

use super::analyse::{Word, words};
use super::language::Clause;
use super::question::{Question, Step};
use super::scripts::is_unspaced;
use super::spelling::Vocabulary;
use super::text::{Asker, beginning_of};
use crate::error::Result;

/// The weight of another form or name beside what was typed.
const OTHER_FORM: f32 = 0.4;
/// The weight of a word of which the beginning was typed.
const LONGER: f32 = 0.3;
/// Words that are tried as one at most.
const JOINED: usize = 2;

/// Words that follow each other, and their weight beside what was typed.
pub(super) type Variant = (Vec<Word>, f32);

impl Asker<'_> {
    /// What the thing wanted at a place may mean beside what it says. A phrase means what it says.
    pub(super) fn variants(&self, question: &Question, place: usize, step: Step) -> Result<Vec<Variant>> {
        let Some(clause) = question.wanted.get(place).filter(|clause| !clause.quoted) else { return Ok(Vec::new()) };
        let mut variants = Vec::new();
        for span in question.spans(place) {
            let names = self.reader.synonyms()?.of(span.iter().flat_map(|clause| &clause.words));
            variants.extend(names.iter().map(|name| (name.clone(), OTHER_FORM)));
            variants.extend(self.joined(span)?.map(|word| (word, OTHER_FORM)));
        }
        if let [word] = clause.words.as_slice() {
            let vocabulary = self.vocabulary();
            let halves = vocabulary.halves(&word.folded)?.into_iter();
            variants.extend(halves.map(|(left, right)| (words(&format!("{left} {right}")), OTHER_FORM)));
            variants.extend(self.other_words(&vocabulary, word, question.is_open(place), step)?);
        }
        Ok(variants)
    }

    /// Things wanted one after the other as one word, where there is one: `e-mail` and `e mail` find `email` too.
    fn joined(&self, span: &[Clause]) -> Result<Option<Vec<Word>>> {
        let parts: Vec<&str> = span.iter().flat_map(|clause| &clause.words).map(|word| word.folded.as_str()).collect();
        if span.len() > JOINED || parts.len() < 2 || parts.iter().any(|part| part.contains(is_unspaced)) {
            return Ok(None);
        }
        let joined = words(&parts.concat());
        Ok(if self.knows(&joined)? { Some(joined) } else { None })
    }

    /// The words that a word may become or be mistyped for.
    fn other_words(&self, vocabulary: &Vocabulary, word: &Word, open: bool, step: Step) -> Result<Vec<Variant>> {
        let known = self.knows(std::slice::from_ref(word))?;
        let prefix = beginning_of(&word.folded);
        if open && self.beginnings && vocabulary.count(self.reader.fields.prefixes, prefix, 1)? > 0 {
            return Ok(Vec::new());
        }
        if open && !self.beginnings && (step == Step::Begun || !known) {
            let longer = vocabulary.beginning(&word.folded)?;
            if !longer.is_empty() {
                return Ok(longer.iter().map(|longer| (words(longer), LONGER)).collect());
            }
        }
        let meant = vocabulary.meant(&word.folded, known)?.into_iter();
        Ok(meant.map(|(meant, weight)| (words(&meant), weight)).collect())
    }

    /// Whether listings are found by one of these words.
    fn knows(&self, words: &[Word]) -> Result<bool> {
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
