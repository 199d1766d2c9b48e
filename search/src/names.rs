//! Searches the small listings: providers, certifications, careers, skills and subjects.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, Term};

use super::statistics::TermStatistics;
use super::text::{QueryBuilder, term};
use super::text_query::TextQuery;
use super::{DocKind, Reader};
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
    let found = reader.searcher.search_with_statistics_provider(&query, &ScoreCollector, &TermStatistics(reader))?;
    reader.meter().check()?;
    Ok(found.into_iter().collect())
}

/// Collects the ID and score of every hit. The library's own collectors keep the best only.
struct ScoreCollector;

/// Collector for one segment.
struct SegmentScoreCollector {
    ids: Column<i64>,
    found: Vec<(i64, f32)>,
}

impl Collector for ScoreCollector {
    type Fruit = Vec<(i64, f32)>;
    type Child = SegmentScoreCollector;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentScoreCollector> {
        Ok(SegmentScoreCollector { ids: segment.fast_fields().i64("id")?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        Ok(segments.concat())
    }
}

impl SegmentCollector for SegmentScoreCollector {
    type Fruit = Vec<(i64, f32)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.found.extend(self.ids.first(doc).map(|id| (id, score)));
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}
