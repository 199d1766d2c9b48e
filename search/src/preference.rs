//! Raises the courses in the language of the text. It never hides the others. Does not belong here: facts that name a
//! language.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluation::TextSegment;
use super::raise::StatedFact;
use super::text::QueryBuilder;
use super::text_query::TextQuery;
use super::tokenizer::Word;
use crate::error::Result;

/// Factor for courses in the language of the text: less than that of a fact.
const LANGUAGE_GAIN: f32 = 2.0;
/// Work units per course for looking up its languages.
const LANGUAGE_WORK: u64 = 2;

impl QueryBuilder<'_> {
    /// Raises the courses in a language that the text may be in. A text that tells none is taken to be in the language of
    /// most courses, and one that asks for courses in a language has no other.
    pub(super) fn prefer_languages(
        &self,
        text_query: &TextQuery,
        facts: &[StatedFact],
        found: &mut [TextSegment],
    ) -> Result<()> {
        let languages = self.reader.languages()?;
        if languages.most_common.is_empty() || facts.iter().any(|fact| fact.is_subject && fact.clauses.len() > 1) {
            return Ok(());
        }
        let preferred = self.preferred(text_query)?;
        for (segment, found) in self.reader.segments.iter().zip(found) {
            let ordinals = languages.ordinals(segment, &preferred);
            let Some(column) = segment.words(segment.fields.language)?.filter(|_| !ordinals.is_empty()) else {
                continue;
            };
            self.reader.meter().charge_each(found.scores.len(), LANGUAGE_WORK)?;
            for (document, score) in &mut found.scores {
                if column.term_ords(*document).any(|ordinal| ordinals.contains(&ordinal)) {
                    *score *= LANGUAGE_GAIN;
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
        for word in text_query.included.iter().flat_map(|clause| &clause.words) {
            for tag in self.tags_of_word(word)? {
                if looks_like.is_empty() || looks_like.contains(&tag) {
                    *counts.entry(tag).or_default() += 1;
                }
            }
        }
        let most = counts.values().max().copied().unwrap_or_default();
        let best: Vec<&str> = counts.into_iter().filter(|(_, count)| *count == most).map(|(tag, _)| tag).collect();
        Ok(match (best.is_empty(), looks_like.is_empty()) {
            (false, _) => best,
            (true, false) => looks_like.to_vec(),
            (true, true) => vec![self.reader.languages()?.most_common.as_str()],
        })
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
