//! Typo tolerance: which words of the index a word may stand for. Does not belong here: what is done with them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Term};

use super::fields::DocKind;
use super::reader::Reader;
use super::scripts::is_unspaced;
use super::segment::Segment;
use super::segment_data::documents;
use super::stop_words::is_stop_word;
use super::tokenizer::{Word, words};
use crate::error::{Error, Result};

/// Maximum number of corrections of a word: the nearest, then the most common, then the alphabetically first. Each
/// costs as much as the word itself.
const MAX_CORRECTIONS: usize = 20;
/// Listings are counted up to this number to compare how common corrections are.
const MAX_COUNTED_LISTINGS: usize = 100;
/// Maximum number of positions at which a word is split.
const MAX_SPLITS: usize = 4;
/// A word in more listings than this is taken as it is written.
const COMMON_WORD_LISTINGS: usize = 20;
/// A rarer word is treated as mistyped as well if this many times as many listings are named with another word.
const COMMONNESS_RATIO: usize = 10;
/// Minimum length of a prefix that is completed.
const MIN_PREFIX_CHARS: usize = 3;
/// Factor by which each typo reduces the weight of a word.
const TYPO_WEIGHT: f32 = 0.5;
/// Additional factor if some listing contains the word as written, which then comes first.
const KNOWN_WORD_TYPO_WEIGHT: f32 = 0.2;

/// Work units for counting the documents with a word.
const COUNT_WORK: u64 = 150;
/// Work units for scanning the words of a segment for similar ones.
const AUTOMATON_WORK: u64 = 20_000;

/// Words of one field in documents of some kinds. Documents that are deleted but not yet merged away do not count, so
/// that a rebuilt index agrees with one that has followed the log.
pub(super) struct Vocabulary<'a> {
    pub(super) reader: &'a Reader,
    pub(super) kinds: &'a [DocKind],
    pub(super) field: Field,
    /// Stemmed fields that name a listing. Empty if the field itself does.
    pub(super) names: Vec<Field>,
}

impl Vocabulary<'_> {
    /// Whether a document has a word.
    pub(super) fn has(&self, word: &str) -> Result<bool> {
        Ok(self.count(self.field, word, 1)? > 0)
    }

    /// Number of documents with a term, counted up to `limit`.
    pub(super) fn count(&self, field: Field, text: &str, limit: usize) -> Result<usize> {
        let term = Term::from_field_text(field, text);
        let mut found = 0;
        for segment in self.reader.segments.iter() {
            found += self.count_in(segment, &term, limit - found)?;
        }
        Ok(found)
    }

    fn count_in(&self, segment: &Segment, term: &Term, limit: usize) -> Result<usize> {
        self.reader.meter().charge(COUNT_WORK)?;
        let index = segment.index(term.field())?;
        let postings = index.read_postings(term, IndexRecordOption::Basic).map_err(Error::internal)?;
        let Some(postings) = postings else { return Ok(0) };
        let kind_of = segment.numbers(segment.fields.doc_kind)?;
        self.reader.meter().charge(u64::from(postings.size_hint()).min(limit as u64) * 2)?;
        let is_wanted = |document: &DocId| {
            let kind = kind_of.first(*document);
            self.kinds.iter().any(|wanted| kind == Some(*wanted as i64)) && !segment.is_deleted(*document)
        };
        Ok(documents(postings).filter(is_wanted).take(limit).count())
    }

    /// Words that a word may be a typo for, each with its weight relative to the word itself. `known` tells whether the
    /// word finds listings although none contains it in this form.
    pub(super) fn corrections(&self, word: &str, known: bool) -> Result<Vec<(String, f32)>> {
        let most = max_typos(word);
        let own = if most > 0 { self.count(self.field, word, COMMON_WORD_LISTINGS + 1)? } else { 0 };
        if most == 0 || own > COMMON_WORD_LISTINGS {
            return Ok(Vec::new());
        }
        let (most, weight) = if own > 0 || known { (1, KNOWN_WORD_TYPO_WEIGHT) } else { (most, 1.0) };
        let mut meant = Vec::new();
        for (other, mistakes) in self.within_typos(word, most)? {
            if own == 0 || self.is_far_more_common(&other, word, own)? {
                meant.push((other, weight * TYPO_WEIGHT.powi(mistakes.into())));
            }
        }
        Ok(meant)
    }

    /// Whether far more listings are named with `other` than with `word`. For long words, which are rarely similar by
    /// chance, whether far more contain it. A prefix of another word is not a typo.
    fn is_far_more_common(&self, other: &str, word: &str, own: usize) -> Result<bool> {
        if is_stop_word(other) || other.starts_with(word) || word.starts_with(other) {
            return Ok(false);
        }
        let limit = own * COMMONNESS_RATIO;
        if self.names.is_empty() || max_typos(word) > 1 {
            return Ok(self.count(self.field, other, limit)? == limit);
        }
        self.is_any_common(&self.names, &words(other), limit)
    }

    /// Whether at least this many documents have any of these words in one of these stemmed fields.
    pub(super) fn is_any_common(&self, fields: &[Field], words: &[Word], least: usize) -> Result<bool> {
        for (field, word) in fields.iter().flat_map(|field| words.iter().map(move |word| (*field, word))) {
            if self.count(field, &word.stem, least)? == least {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Words within this many typos of a word, each with its number of typos. Swapping two letters is one typo, and so
    /// is a letter moved by two positions.
    fn within_typos(&self, word: &str, most: u8) -> Result<Vec<(String, u8)>> {
        let mut found: BTreeMap<String, u8> = with_moved_letter(word).into_iter().map(|other| (other, 1)).collect();
        for mistakes in 1..=most {
            let query = FuzzyTermQuery::new(Term::from_field_text(self.field, word), mistakes, true);
            for segment in self.reader.segments.iter() {
                self.reader.meter().charge(AUTOMATON_WORK)?;
                let index = segment.index(self.field)?;
                let mut terms = index.terms().search(query.automaton()?).into_stream().map_err(Error::internal)?;
                while let Some((term, _)) = terms.next() {
                    found.entry(String::from_utf8_lossy(term).into_owned()).or_insert(mistakes);
                }
            }
        }
        found.remove(word);
        // Digits tell codes apart: CS50 is not a typo for CS51.
        found.retain(|other, _| digits(other).eq(digits(word)));
        self.most_common(found)
    }

    /// Words that begin with a word.
    pub(super) fn completions(&self, word: &str) -> Result<Vec<String>> {
        if word.chars().count() < MIN_PREFIX_CHARS || is_literal(word) {
            return Ok(Vec::new());
        }
        let mut found = BTreeMap::new();
        for segment in self.reader.segments.iter() {
            let index = segment.index(self.field)?;
            let mut terms = index.terms().range().ge(word).into_stream().map_err(Error::internal)?;
            while let Some((term, _)) = terms.next().filter(|(term, _)| term.starts_with(word.as_bytes())) {
                found.insert(String::from_utf8_lossy(term).into_owned(), 0);
            }
        }
        found.remove(word);
        Ok(self.most_common(found)?.into_iter().map(|(word, _)| word).collect())
    }

    fn most_common(&self, words: BTreeMap<String, u8>) -> Result<Vec<(String, u8)>> {
        let mut ranked = Vec::new();
        for (word, mistakes) in words {
            ranked.push((mistakes, Reverse(self.count(self.field, &word, MAX_COUNTED_LISTINGS)?), word));
        }
        ranked.retain(|(_, listings, _)| listings.0 > 0);
        ranked.sort();
        Ok(ranked.into_iter().take(MAX_CORRECTIONS).map(|(mistakes, _, word)| (word, mistakes)).collect())
    }

    /// Pairs of words that a word may consist of if the space between them was omitted. This counts as a typo, so it is
    /// tried from 4 letters on.
    pub(super) fn splits<'w>(&self, word: &'w str) -> Result<Vec<(&'w str, &'w str)>> {
        let ends = word.char_indices().map(|(at, _)| at).filter(|_| max_typos(word) > 0);
        let halves = ends.filter_map(|at| word.split_at_checked(at));
        let mut known = Vec::new();
        for (left, right) in halves.filter(|(left, right)| left.len() > 1 && right.len() > 1) {
            if known.len() < MAX_SPLITS && self.has(right)? && self.has(left)? {
                known.push((left, right));
            }
        }
        Ok(known)
    }
}

/// The word with each of its letters moved by two positions.
fn with_moved_letter(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let turned = |(start, turn): (usize, usize)| {
        let mut letters = letters.clone();
        letters.get_mut(start..start + 3)?.rotate_left(turn);
        Some(letters.into_iter().collect())
    };
    (0..letters.len()).flat_map(|start| [(start, 1), (start, 2)]).filter_map(turned).collect()
}

/// Number of typos tolerated in a word: one from 4 letters on, two from 8 on.
fn max_typos(word: &str) -> u8 {
    match word.chars().count() {
        _ if is_literal(word) => 0,
        0..=3 => 0,
        4..=7 => 1,
        8.. => 2,
    }
}

fn digits(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| c.is_numeric())
}

/// Whether a word is taken as it is written. Numbers are: 2024 is not a typo for 2025. Two letters of a script without
/// spaces may be the end of one word and the beginning of the next.
fn is_literal(word: &str) -> bool {
    word.chars().all(char::is_numeric) || word.contains(is_unspaced)
}
