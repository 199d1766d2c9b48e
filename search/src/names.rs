//! Searches the small listings: providers, certifications, careers, skills and subjects.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query};

use super::fields::DocKind;
use super::reader::Reader;
use super::statistics::weight;
use super::text::{QueryBuilder, term};
use super::text_query::TextQuery;
use crate::error::Result;

/// Work units per segment, besides its hits.
const SEGMENT_WORK: u64 = 1_000;

/// Listings of a kind that match a text, with their scores by ID; all of them if it has no word to search by. The text
/// follows the same syntax as for courses, and its last word may be a prefix.
pub fn ids(reader: &Reader, kind: DocKind, text: &str) -> Result<HashMap<i64, f32>> {
    let Some(text_query) = TextQuery::of(text)? else { return run(reader, kind, Box::new(AllQuery)) };
    let builder = QueryBuilder { reader, kind, last_word_prefix: true };
    let mut found = HashMap::new();
    for strictness in text_query.levels() {
        found = run(reader, kind, builder.query(&text_query, strictness)?)?;
        if !found.is_empty() {
            break;
        }
    }
    Ok(found)
}

fn run(reader: &Reader, kind: DocKind, text_query: Box<dyn Query>) -> Result<HashMap<i64, f32>> {
    let of_kind = Term::from_field_i64(reader.fields.doc_kind, kind as i64);
    let of_kind: Box<dyn Query> = Box::new(ConstScoreQuery::new(term(of_kind), 0.0));
    let query = BooleanQuery::new(vec![(Occur::Must, of_kind), (Occur::Must, text_query)]);
    reader.meter().charge_each(reader.segments.len(), SEGMENT_WORK)?;
    let weight = weight(reader, &query)?;
    let mut found = HashMap::new();
    for segment in reader.segments.iter() {
        let ids = segment.numbers(segment.fields.id)?;
        weight.for_each(segment.reader(), &mut |document, score| {
            if !segment.is_deleted(document) {
                found.extend(ids.first(document).map(|id| (id, score)));
            }
        })?;
    }
    Ok(found)
}
