//! Languages of the listings. Does not belong here: in which of them a word or a query may be.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use super::course_counts::CourseCounts;
use super::segment::Segment;
use super::segment_data::word;
use super::stems::{STEM_LANGUAGES, StemLanguage, primary_subtag};
use crate::error::{Error, Result};

/// Languages of the listings of an index.
#[derive(Debug, Default)]
pub(super) struct Languages {
    /// Languages other than English and Russian in which any listing is analysed.
    pub(super) stemmed: Vec<StemLanguage>,
    /// Primary subtag of most courses. Empty if all courses are in one language, or state none.
    pub(super) most_common: String,
    /// Primary subtag of each ordinal of the column of languages, by segment.
    pub(super) tags: Vec<Vec<String>>,
    /// Languages of words that were looked up.
    pub(super) of_words: Mutex<FxHashMap<String, Arc<WordLanguages>>>,
}

/// Languages of the listings that contain a word.
#[derive(Debug, Default)]
pub(super) struct WordLanguages {
    /// Number of listings that state a language, of those looked at.
    pub(super) listings: usize,
    /// How many of them are in each language.
    pub(super) counts: FxHashMap<String, usize>,
}

impl Languages {
    pub(super) fn new(segments: &[Segment], counts: &CourseCounts) -> Result<Self> {
        let mut by_tag: BTreeMap<&str, u64> = BTreeMap::new();
        for (language, count) in counts.languages() {
            *by_tag.entry(primary_subtag(language)).or_default() += count;
        }
        let mut languages = Self::default();
        if by_tag.len() > 1 {
            let most = by_tag.into_iter().max_by(|(tag, count), (other, most)| (count, other).cmp(&(most, tag)));
            languages.most_common = most.map(|(tag, _)| tag.to_owned()).unwrap_or_default();
        }
        for segment in segments {
            let Some(column) = segment.words(segment.fields.language)? else {
                languages.tags.push(Vec::new());
                continue;
            };
            let tags =
                (0..column.num_terms() as u64).map(|ordinal| Ok(primary_subtag(&word(column, ordinal)?).to_owned()));
            languages.tags.push(tags.collect::<Result<_>>()?);
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
}

/// Whether any listing has a stem of a language.
fn is_used(segments: &[Segment], language: StemLanguage) -> Result<bool> {
    let first = format!("{}:", language.tag);
    for segment in segments {
        for field in segment.fields.stems() {
            let index = segment.index(field)?;
            let mut terms = index.terms().range().ge(&first).into_stream().map_err(Error::internal)?;
            if terms.next().is_some_and(|(term, _)| term.starts_with(first.as_bytes())) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
