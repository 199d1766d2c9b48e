//! Statistics of words and text lengths over the existing documents. The library also counts documents that are deleted
//! but not yet merged away, so that scores would depend on the history of the index.

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Result, SegmentReader, TERMINATED, Term};

use super::Reader;

/// Work units per word of a query, and per document that contains it.
const WORD_WORK: u64 = 400;
const POSTING_WORK: u64 = 6;

/// Statistics for BM25.
pub(super) struct TermStatistics<'a>(pub(super) &'a Reader);

impl Bm25StatisticsProvider for TermStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> Result<u64> {
        self.0.segments.iter().map(|segment| segment.tokens(field)).sum()
    }

    fn total_num_docs(&self) -> Result<u64> {
        Ok(self.0.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> Result<u64> {
        let found =
            self.0.searcher.segment_readers().iter().map(|segment| doc_freq_in(segment, term)).sum::<Result<u64>>()?;
        // The caller checks the meter next: the library's errors cannot carry ours.
        _ = self.0.meter().charge(WORD_WORK + found * POSTING_WORK);
        Ok(found)
    }
}

fn doc_freq_in(segment: &SegmentReader, term: &Term) -> Result<u64> {
    let index = segment.inverted_index(term.field())?;
    if !segment.has_deletes() {
        return Ok(index.doc_freq(term)?.into());
    }
    let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { return Ok(0) };
    let mut found = 0;
    while postings.doc() != TERMINATED {
        found += u64::from(!segment.is_deleted(postings.doc()));
        postings.advance();
    }
    Ok(found)
}
