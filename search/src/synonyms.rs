//! Other names of things: a learner may type one where a listing uses another. They are the aliases of skills, and the
//! acronyms and synonyms of the data file. Does not belong here: which of them a text uses.

use std::collections::HashMap;
use std::sync::OnceLock;

use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::fields::DocKind;
use super::segment::Segment;
use super::stop_words::is_stop_word;
use super::tokenizer::{Word, words};
use crate::error::Result;

/// Acronyms and synonyms. A line has a name, then `=` and its other names, separated by commas.
const DATA: &str = include_str!("../data/synonyms.txt");
/// Maximum number of other names of a name.
const MAX_SYNONYMS: usize = 10;
/// Number of decompressed blocks of stored names while they are read.
const CACHED_BLOCKS: usize = 1;

/// Synonyms by name. An alias stands for the name of its skill, and that name for its aliases, except those that are a
/// part of it: Node.js is not everything that is a node. Aliases do not stand for each other.
#[derive(Debug, Default)]
pub(super) struct Synonyms(HashMap<String, Vec<Vec<Word>>>);

impl Synonyms {
    /// Reads the data file and the names of all skills.
    pub(super) fn new(segments: &[Segment]) -> Result<Self> {
        let mut synonyms = Self::default();
        for names in data() {
            synonyms.add_equal(&names.into_iter().map(words).collect::<Vec<_>>());
        }
        for segment in segments {
            let store = segment.reader().get_store_reader(CACHED_BLOCKS).map_err(tantivy::TantivyError::from)?;
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

    /// Adds names that mean the same: the first and each of the others find each other.
    fn add_equal(&mut self, names: &[Vec<Word>]) {
        let Some((name, others)) = names.split_first() else { return };
        for other in others {
            self.0.entry(key(other)).or_default().push(name.clone());
            self.0.entry(key(name)).or_default().push(other.clone());
        }
    }

    /// Adds the name of a skill and its aliases.
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

/// Synonyms of the operator, which are added before any are first needed.
pub(super) static OPERATOR_SYNONYMS: OnceLock<Vec<String>> = OnceLock::new();

/// Lists of names in the data file and of the operator, each with the main name first.
fn data() -> impl Iterator<Item = Vec<&'static str>> {
    DATA.lines().chain(OPERATOR_SYNONYMS.get().into_iter().flatten().map(String::as_str)).filter_map(names_of_line)
}

/// Names of a line of a file of synonyms, the main one first; `None` for a comment and for a line without names.
pub(super) fn names_of_line(line: &str) -> Option<Vec<&str>> {
    let (name, others) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
    Some(std::iter::once(name).chain(others.split(',')).map(str::trim).collect())
}

/// Words of a name, in the form in which they are looked up.
fn key<'a>(words: impl IntoIterator<Item = &'a Word>) -> String {
    let folded = words.into_iter().map(|word| word.folded.as_str()).filter(|word| !is_stop_word(word));
    folded.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_data_file_names_something_in_several_ways() {
        let mut seen = HashSet::new();
        for names in data() {
            let keys: Vec<String> = names.iter().map(|name| key(&words(name))).collect();
            assert!(keys.len() > 1 && keys.iter().all(|key| !key.is_empty()), "{names:?}");
            assert!(seen.insert(keys[0].clone()), "{names:?} stands twice");
            assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{names:?} has a name twice");
        }
        assert!(seen.len() >= 300, "{}", seen.len());
    }

    #[test]
    fn the_names_of_every_line_of_the_data_file_find_each_other() {
        let synonyms = Synonyms::new(&[]).unwrap();
        for names in data() {
            let names: Vec<Vec<Word>> = names.into_iter().map(words).collect();
            for other in &names[1..] {
                assert!(synonyms.of(names[0].iter()).contains(other), "{:?} finds {other:?}", names[0]);
                assert!(synonyms.of(other.iter()).contains(&names[0]), "{other:?} finds {:?}", names[0]);
            }
        }
    }
}
