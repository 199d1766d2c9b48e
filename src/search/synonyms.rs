//! The other names of skills: a learner may type the one where a listing writes the other. What must not go in: which of
//! them a text uses.

use std::collections::HashMap;

use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::stop_words::is_stop_word;
use super::tokenizer::{Word, words};
use super::{DocKind, Reader};
use crate::error::Result;

/// Other names that one name stands for at most.
const MAX_SYNONYMS: usize = 10;
/// Blocks of stored names that are kept unpacked while they are read.
const CACHED_BLOCKS: usize = 1;

/// What stands for what: another name for the name of the skill, and that for its other names, except those that are a
/// part of it: what is known as Node.js is not all that is a node. Nor does one other name stand for the next.
#[derive(Debug, Default)]
pub(super) struct Synonyms(HashMap<String, Vec<Vec<Word>>>);

impl Synonyms {
    /// Reads the names of all skills.
    pub(super) fn new(reader: &Reader) -> Result<Self> {
        let mut synonyms = Self::default();
        for segment in reader.segments.iter() {
            let store = segment.reader.get_store_reader(CACHED_BLOCKS).map_err(tantivy::TantivyError::from)?;
            for document in segment.of_kind(DocKind::Skill)? {
                let document: TantivyDocument = store.get(document)?;
                let names = document.get_all(reader.fields.names).filter_map(|name| name.as_str());
                synonyms.add(&names.map(words).collect::<Vec<_>>());
            }
        }
        // In an order that does not depend on that of the documents.
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

    /// The other names of what some words name.
    pub(super) fn of<'a>(&self, words: impl Iterator<Item = &'a Word>) -> &[Vec<Word>] {
        self.0.get(&key(words)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The words of a name as a text is left with them.
fn key<'a>(words: impl IntoIterator<Item = &'a Word>) -> String {
    let folded = words.into_iter().map(|word| word.folded.as_str()).filter(|word| !is_stop_word(word));
    folded.collect::<Vec<_>>().join(" ")
}
