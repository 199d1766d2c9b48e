//! Statistics of words and text lengths over the existing documents. The library also counts documents that are deleted
//! but not yet merged away, so that scores would depend on the history of the index.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{SegmentReader, Term};

use super::reader::Reader;
use super::segment::documents;
use crate::error::Result;

/// Work units per word of a query, and per document that contains it.
const WORD_WORK: u64 = 400;
const POSTING_WORK: u64 = 6;

/// Prepares a query, and charges its words.
pub(super) fn weight(reader: &Reader, query: &dyn Query) -> Result<Box<dyn Weight>> {
    let statistics = TermStatistics(reader);
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(&statistics, &reader.searcher))?;
    // The statistics have charged each word, but the library's errors cannot carry ours.
    reader.meter().check()?;
    Ok(weight)
}

/// Number of documents with a term.
pub(super) fn frequency(reader: &Reader, term: &Term) -> Result<u64> {
    let found = TermStatistics(reader).doc_freq(term)?;
    reader.meter().check()?;
    Ok(found)
}

/// Rarity of a word in this many documents, as BM25 weighs it.
pub(super) fn rarity(reader: &Reader, frequency: u64) -> f32 {
    let (all, frequency) = (reader.searcher.num_docs() as f32, frequency as f32);
    (1.0 + (all - frequency).max(0.0) / (frequency + 0.5)).ln()
}

/// Statistics for BM25.
struct TermStatistics<'a>(&'a Reader);

impl Bm25StatisticsProvider for TermStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let fields = self.0.fields.measures(field).into_iter();
        fields.flat_map(|field| self.0.segments.iter().map(move |segment| segment.tokens(field))).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.0.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let counts = self.0.searcher.segment_readers().iter().map(|segment| doc_freq_in(segment, term));
        let found = counts.sum::<tantivy::Result<u64>>()?;
        _ = self.0.meter().charge(WORD_WORK + found * POSTING_WORK);
        Ok(found)
    }
}

fn doc_freq_in(segment: &SegmentReader, term: &Term) -> tantivy::Result<u64> {
    let index = segment.inverted_index(term.field())?;
    if !segment.has_deletes() {
        return Ok(index.doc_freq(term)?.into());
    }
    let postings = index.read_postings(term, IndexRecordOption::Basic)?;
    let found = postings.into_iter().flat_map(documents).filter(|document| !segment.is_deleted(*document));
    Ok(found.count() as u64)
}
