//! Languages of the listings, and in which of them a word of a query may be. Does not belong here: the language that a
//! whole query looks like.

use rustc_hash::FxHashMap;
use tantivy::Term;
use tantivy::schema::IndexRecordOption;

use super::reader::Reader;
use super::segment::{Segment, documents, word};
use super::stems::{STEM_LANGUAGES, StemLanguage, primary_subtag};
use super::tokenizer::Word;
use crate::error::{Error, Result};

/// Number of listings of a segment whose languages tell that of a word.
const SAMPLED_LISTINGS: usize = 64;
/// A word in this many listings or fewer may be of the language of any.
const FEW_LISTINGS: usize = 20;
/// Work units for sampling the listings with a word in a segment.
const SAMPLE_WORK: u64 = 400;

/// Languages of the listings of an index.
#[derive(Debug, Default)]
pub(super) struct Languages {
    /// Languages other than English and Russian in which any listing is analysed.
    pub(super) stemmed: Vec<StemLanguage>,
    /// Primary subtag of most courses. Empty if all courses are in one language, or state none.
    pub(super) most_common: String,
    /// Primary subtag of each ordinal of the column of languages, by segment.
    tags: Vec<Vec<String>>,
}

impl Languages {
    pub(super) fn new(segments: &[Segment]) -> Result<Self> {
        let mut counts: FxHashMap<String, u64> = FxHashMap::default();
        let mut languages = Self::default();
        for segment in segments {
            let Some(column) = segment.words(segment.fields.language)? else {
                languages.tags.push(Vec::new());
                continue;
            };
            let tags =
                (0..column.num_terms() as u64).map(|ordinal| Ok(primary_subtag(&word(column, ordinal)?).to_owned()));
            let tags = tags.collect::<Result<Vec<_>>>()?;
            let of_courses = segment.courses()?.iter().flat_map(|course| column.term_ords(course));
            for tag in of_courses.filter_map(|ordinal| tags.get(ordinal as usize)) {
                *counts.entry(tag.clone()).or_default() += 1;
            }
            languages.tags.push(tags);
        }
        if counts.len() > 1 {
            let most = counts.into_iter().max_by(|(tag, count), (other, most)| (count, other).cmp(&(most, tag)));
            languages.most_common = most.map(|(tag, _)| tag).unwrap_or_default();
        }
        for language in STEM_LANGUAGES {
            if is_used(segments, language)? {
                languages.stemmed.push(language);
            }
        }
        Ok(languages)
    }

    /// Ordinals of a segment's column of languages that are one of these.
    pub(super) fn ordinals(&self, segment: &Segment, languages: &[&str]) -> Vec<u64> {
        let tags = self.tags.get(segment.ordinal).into_iter().flatten();
        let is_one = |(ordinal, tag): (u64, &String)| languages.contains(&tag.as_str()).then_some(ordinal);
        (0..).zip(tags).filter_map(is_one).collect()
    }

    /// Languages with a stemmer that a word is of: those in which half of the listings with it are, or any of a few
    /// listings. An unknown word, which may be another form of a known one, may be of all languages.
    pub(super) fn of_word(&self, reader: &Reader, word: &Word) -> Result<Vec<StemLanguage>> {
        if self.stemmed.is_empty() {
            return Ok(Vec::new());
        }
        let (listings, counts) = self.counts(reader, word)?;
        let least = if listings > FEW_LISTINGS { listings / 2 } else { listings.min(1) };
        let may_be = |language: &&StemLanguage| counts.get(language.tag).copied().unwrap_or_default() >= least;
        Ok(self.stemmed.iter().filter(may_be).copied().collect())
    }

    /// Number of sampled listings with a word, and of those in each language.
    pub(super) fn counts(&self, reader: &Reader, word: &Word) -> Result<(usize, FxHashMap<&str, usize>)> {
        let term = Term::from_field_text(reader.fields.vocabulary, &word.folded);
        let (mut listings, mut counts) = (0, FxHashMap::default());
        for segment in reader.segments.iter() {
            reader.meter().charge(SAMPLE_WORK)?;
            let index = segment.reader.inverted_index(term.field()).map_err(Error::internal)?;
            let postings = index.read_postings(&term, IndexRecordOption::Basic).map_err(Error::internal)?;
            let (Some(postings), Some(column)) = (postings, segment.words(segment.fields.language)?) else { continue };
            let tags = self.tags.get(segment.ordinal).map(Vec::as_slice).unwrap_or_default();
            for document in documents(postings).take(SAMPLED_LISTINGS) {
                let mut stated = column.term_ords(document).filter_map(|ordinal| tags.get(ordinal as usize)).peekable();
                listings += usize::from(stated.peek().is_some());
                stated.for_each(|tag| *counts.entry(tag.as_str()).or_default() += 1);
            }
        }
        Ok((listings, counts))
    }
}

/// Whether any listing has a stem of a language.
fn is_used(segments: &[Segment], language: StemLanguage) -> Result<bool> {
    let first = format!("{}:", language.tag);
    for segment in segments {
        for field in segment.fields.stems() {
            let index = segment.reader.inverted_index(field).map_err(Error::internal)?;
            let mut terms = index.terms().range().ge(&first).into_stream().map_err(Error::internal)?;
            if terms.next().is_some_and(|(term, _)| term.starts_with(first.as_bytes())) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
