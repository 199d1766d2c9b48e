//! Aliases of skills: a learner may type one name where a listing uses another. Does not belong here: which of them a
//! text uses.

use std::collections::HashMap;

use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::fields::DocKind;
use super::segment::Segment;
use super::stop_words::is_stop_word;
use super::tokenizer::{Word, words};
use crate::error::Result;

/// Maximum number of other names of a name.
const MAX_SYNONYMS: usize = 10;
/// Number of decompressed blocks of stored names while they are read.
const CACHED_BLOCKS: usize = 1;

/// Synonyms by name. An alias stands for the name of its skill, and that name for its aliases, except those that are a
/// part of it: Node.js is not everything that is a node. Aliases do not stand for each other.
#[derive(Debug, Default)]
pub(super) struct Synonyms(HashMap<String, Vec<Vec<Word>>>);

impl Synonyms {
    /// Reads the names of all skills.
    pub(super) fn new(segments: &[Segment]) -> Result<Self> {
        let mut synonyms = Self::default();
        for segment in segments {
            let store = segment.reader.get_store_reader(CACHED_BLOCKS).map_err(tantivy::TantivyError::from)?;
            for document in segment.of_kind(DocKind::Skill)? {
                let document: TantivyDocument = store.get(document)?;
                let names = document.get_all(segment.fields.names).filter_map(|name| name.as_str());
                synonyms.add(&names.map(words).collect::<Vec<_>>());
            }
        }
        // Sorted, so that the order does not depend on that of the documents.
        for names in synonyms.0.values_mut() {
            names.sort_by_key(|words| key(words));
            names.dedup();
            names.truncate(MAX_SYNONYMS);
        }
        Ok(synonyms)
    }

    fn add(&mut self, names: &[Vec<Word>]) {
        let Some((name, others)) = names.split_first() else { return };
        for other in others.iter().filter(|other| *other != name) {
            self.0.entry(key(other)).or_default().push(name.clone());
            if other.iter().any(|word| !name.contains(word)) {
                self.0.entry(key(name)).or_default().push(other.clone());
            }
        }
    }

    /// Synonyms of the name that these words form.
    pub(super) fn of<'a>(&self, words: impl Iterator<Item = &'a Word>) -> &[Vec<Word>] {
        self.0.get(&key(words)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Words of a name, in the form in which they are looked up.
fn key<'a>(words: impl IntoIterator<Item = &'a Word>) -> String {
    let folded = words.into_iter().map(|word| word.folded.as_str()).filter(|word| !is_stop_word(word));
    folded.collect::<Vec<_>>().join(" ")
}
