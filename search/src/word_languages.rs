//! In which languages a word of a query may be, by the listings that contain it. Does not belong here: the language of a
//! whole query.

use std::sync::{Arc, PoisonError};

use tantivy::Term;
use tantivy::schema::IndexRecordOption;

use super::languages::{Languages, WordLanguages};
use super::reader::Reader;
use super::segment_data::documents;
use super::stems::StemLanguage;
use super::tokenizer::Word;
use crate::error::{Error, Result};

/// Number of listings of a segment whose languages tell that of a word.
const SAMPLED_LISTINGS: usize = 64;
/// A word in this many listings or fewer may be of the language of any.
const FEW_LISTINGS: usize = 20;
/// Maximum number of words whose languages are kept.
const MAX_CACHED_WORDS: usize = 4_096;
/// Work units for sampling the listings with a word in a segment.
const SAMPLE_WORK: u64 = 400;

impl Languages {
    /// Languages with a stemmer that a word is of: those in which half of the listings with it are, or any of a few
    /// listings. An unknown word, which may be another form of a known one, may be of all languages.
    pub(super) fn of_word(&self, reader: &Reader, word: &Word) -> Result<Vec<StemLanguage>> {
        if self.stemmed.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.of_listings(reader, word)?;
        let least = if found.listings > FEW_LISTINGS { found.listings / 2 } else { found.listings.min(1) };
        let may_be = |language: &&StemLanguage| found.counts.get(language.tag).copied().unwrap_or_default() >= least;
        Ok(self.stemmed.iter().filter(may_be).copied().collect())
    }

    /// Languages of the first listings with a word.
    pub(super) fn of_listings(&self, reader: &Reader, word: &Word) -> Result<Arc<WordLanguages>> {
        reader.meter().charge_each(reader.segments.len(), SAMPLE_WORK)?;
        let known = || self.of_words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&word.folded) {
            return Ok(found.clone());
        }
        let found = Arc::new(self.sample(reader, word)?);
        let mut known = known();
        if known.len() >= MAX_CACHED_WORDS {
            known.clear();
        }
        known.insert(word.folded.clone(), found.clone());
        Ok(found)
    }

    fn sample(&self, reader: &Reader, word: &Word) -> Result<WordLanguages> {
        let term = Term::from_field_text(reader.fields.vocabulary, &word.folded);
        let mut found = WordLanguages::default();
        for segment in reader.segments.iter() {
            let index = segment.index(term.field())?;
            let postings = index.read_postings(&term, IndexRecordOption::Basic).map_err(Error::internal)?;
            let (Some(postings), Some(column)) = (postings, segment.words(segment.fields.language)?) else { continue };
            let tags = self.tags.get(segment.ordinal).map(Vec::as_slice).unwrap_or_default();
            let listings = documents(postings).filter(|document| !segment.is_deleted(*document));
            for document in listings.take(SAMPLED_LISTINGS) {
                let mut stated = column.term_ords(document).filter_map(|ordinal| tags.get(ordinal as usize)).peekable();
                found.listings += usize::from(stated.peek().is_some());
                stated.for_each(|tag| *found.counts.entry(tag.clone()).or_default() += 1);
            }
        }
        Ok(found)
    }
}
