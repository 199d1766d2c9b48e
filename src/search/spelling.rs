//! Forgiving typing mistakes: which words of the index a word may stand for that is not in it itself. What must not go
//! in: what is then done with them.

use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use super::{DocKind, Reader};
use crate::error::{AppError, Result};

/// Words that one mistyped word stands for at most: the nearest, then the first in the alphabet.
const MOST: usize = 50;

/// Whether a document of one of these kinds has a term. Documents that are deleted and not yet merged away do not
/// count, so that an index built anew and one that has followed the log agree.
pub(super) fn exists(reader: &Reader, kinds: &[DocKind], field: Field, text: &str) -> Result<bool> {
    let term = Term::from_field_text(field, text);
    for segment in reader.searcher.segment_readers() {
        if exists_in(segment, kinds, &term)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn exists_in(segment: &SegmentReader, kinds: &[DocKind], term: &Term) -> Result<bool> {
    let index = segment.inverted_index(term.field())?;
    let postings = index.read_postings(term, IndexRecordOption::Basic).map_err(AppError::internal)?;
    let Some(mut postings) = postings else { return Ok(false) };
    let kind_of = segment.fast_fields().i64("doc_kind")?;
    while postings.doc() != TERMINATED {
        let kind = kind_of.first(postings.doc());
        if !segment.is_deleted(postings.doc()) && kinds.iter().any(|wanted| kind == Some(*wanted as i64)) {
            return Ok(true);
        }
        postings.advance();
    }
    Ok(false)
}

/// The terms of a field that are a few typing mistakes away from a word, each with how many: one from 4 letters on,
/// two from 8 on. Two letters in each other's place are one mistake.
pub(super) fn near(reader: &Reader, field: Field, word: &str) -> Result<Vec<(String, u8)>> {
    let mut found = BTreeMap::new();
    for mistakes in 1..=forgiven(word) {
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), mistakes, true);
        for segment in reader.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let terms = index.terms().search(query.automaton()?);
            let mut terms = terms.into_stream().map_err(AppError::internal)?;
            while let Some((term, _)) = terms.next() {
                found.entry(String::from_utf8_lossy(term).into_owned()).or_insert(mistakes);
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, mistakes)| *mistakes);
    found.truncate(MOST);
    Ok(found)
}

/// The two words that a word may be where the space between them was left out: the same mistake as any other, so
/// again from 4 letters on.
pub(super) fn halves(word: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = word.char_indices().map(|(at, _)| at).filter(|_| forgiven(word) > 0);
    ends.filter_map(|at| word.split_at_checked(at))
        .filter(|(left, right)| [left, right].iter().all(|half| half.len() > 1))
}

/// A number is meant as it is written: 2024 is no mistyped 2025.
fn forgiven(word: &str) -> u8 {
    match word.chars().count() {
        _ if word.chars().all(char::is_numeric) => 0,
        0..=3 => 0,
        4..=7 => 1,
        8.. => 2,
    }
}
