//! Lowers the courses in other languages than that of the text. It never hides them. Does not belong here: facts that name a
//! language.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluation::TextSegment;
use super::raise::StatedFact;
use super::scripts::is_unspaced;
use super::text::QueryBuilder;
use super::text_query::{Strictness, TextQuery};
use super::tokenizer::Word;
use crate::error::Result;

/// Quotient for courses in other languages than that of the text: less than the factor of a fact.
const LANGUAGE_GAIN: f32 = 2.0;
/// The same in a text of facts alone, whose number counts: less than a further one of nine.
const ONLY_FACTS_GAIN: f32 = 1.1;
/// Least number of letters of a word that tells a language.
const MIN_TELLING_CHARS: usize = 3;
/// Work units per course for looking up its languages.
const LANGUAGE_WORK: u64 = 2;

impl QueryBuilder<'_> {
    /// Lowers the courses that state other languages than those that the text may be in. A text that tells none is taken to be in the language of
    /// most courses, and one that asks for courses in a language has no other.
    pub(super) fn prefer_languages(
        &self,
        text_query: &TextQuery,
        strictness: Strictness,
        facts: &[StatedFact],
        found: &mut [TextSegment],
    ) -> Result<()> {
        let languages = self.reader.languages()?;
        if languages.most_common.is_empty() || facts.iter().any(|fact| fact.is_subject && fact.clauses.len() > 1) {
            return Ok(());
        }
        let preferred = self.preferred(text_query)?;
        let gain = if text_query.is_only_facts(strictness) { ONLY_FACTS_GAIN } else { LANGUAGE_GAIN };
        for (segment, found) in self.reader.segments.iter().zip(found) {
            let ordinals = languages.ordinals(segment, &preferred);
            let Some(column) = segment.words(segment.fields.language)? else { continue };
            self.reader.meter().charge_each(found.scores.len(), LANGUAGE_WORK)?;
            for (document, score) in &mut found.scores {
                // A course that states no language may be in any.
                let mut stated = column.term_ords(*document).peekable();
                if stated.peek().is_some() && !stated.any(|ordinal| ordinals.contains(&ordinal)) {
                    *score /= gain;
                }
            }
        }
        Ok(())
    }

    /// Languages that the text may be in: of those that it looks like, or of all, the ones that most of its words are of.
    fn preferred<'a>(&'a self, text_query: &'a TextQuery) -> Result<Vec<&'a str>> {
        let looks_like = &text_query.languages;
        if looks_like.len() == 1 {
            return Ok(looks_like.to_vec());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let words = || text_query.included.iter().flat_map(|clause| &clause.words);
        let is_long = |word: &&Word| {
            word.folded.contains(is_unspaced) || word.folded.chars().nth(MIN_TELLING_CHARS - 1).is_some()
        };
        for word in words().filter(is_long) {
            for tag in self.tags_of_word(word)? {
                if looks_like.is_empty() || looks_like.contains(&tag) {
                    *counts.entry(tag).or_default() += 1;
                }
            }
        }
        let most = counts.values().max().copied().unwrap_or_default();
        let best: Vec<&str> = counts.into_iter().filter(|(_, count)| *count == most).map(|(tag, _)| tag).collect();
        let languages = self.reader.languages()?;
        if !best.is_empty() {
            return Ok(best);
        }
        if !looks_like.is_empty() {
            return Ok(looks_like.to_vec());
        }
        for word in words().filter(|word| word.written != word.folded) {
            // Accents in a word that no listing has are those of another language than English.
            if languages.of_listings(self.reader, word)?.listings == 0 && !languages.stemmed.is_empty() {
                return Ok(languages.stemmed.iter().map(|language| language.tag).collect());
            }
        }
        Ok(vec![languages.most_common.as_str()])
    }

    /// Languages that a word is of, unless it is also one of the most common language: those of the listings that contain
    /// it, or a form of it.
    fn tags_of_word(&self, word: &Word) -> Result<Vec<&str>> {
        let languages = self.reader.languages()?;
        let found = languages.of_listings(self.reader, word)?;
        if found.listings > 0 {
            let is_common = found.counts.contains_key(&languages.most_common);
            let tags = languages.tags.iter().flatten().filter(|tag| !is_common && found.counts.contains_key(*tag));
            let tags: BTreeSet<&str> = tags.map(String::as_str).collect();
            return Ok(tags.into_iter().collect());
        }
        if self.vocabulary().is_any_common(&self.reader.fields.prose(), std::slice::from_ref(word), 1)? {
            return Ok(Vec::new());
        }
        let mut tags = Vec::new();
        for language in &languages.stemmed {
            if self.has_stem(word, std::slice::from_ref(language))? {
                tags.push(language.tag);
            }
        }
        Ok(tags)
    }
}
