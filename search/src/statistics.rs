//! Statistics of words and text lengths over the existing documents. The library also counts documents that are deleted
//! but not yet merged away, so that scores would depend on the history of the index.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TantivyError, Term};

use super::reader::Reader;
use super::segment::Segment;
use super::segment_data::documents;
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
        let counts = fields.flat_map(|field| self.0.segments.iter().map(move |segment| segment.tokens(field)));
        counts
            .sum::<Result<u64>>()
            .map_err(|_| TantivyError::InternalError("the words of a text cannot be counted".to_owned()))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.0.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let counts = self.0.segments.iter().map(|segment| doc_freq_in(segment, term));
        let found = counts.sum::<tantivy::Result<u64>>()?;
        _ = self.0.meter().charge(WORD_WORK + found * POSTING_WORK);
        Ok(found)
    }
}

/// The deleted documents with the term are looked up if they are few.
fn doc_freq_in(segment: &Segment, term: &Term) -> tantivy::Result<u64> {
    let index = segment.reader().inverted_index(term.field())?;
    let all = u64::from(index.doc_freq(term)?);
    let deleted = segment.deleted();
    if all == 0 || deleted.is_empty() {
        return Ok(all);
    }
    let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { return Ok(0) };
    if deleted.len() >= all {
        return Ok(documents(postings).filter(|document| !deleted.contains(*document)).count() as u64);
    }
    let mut found = all;
    for document in deleted {
        if postings.doc() < document {
            postings.seek(document);
        }
        found -= u64::from(postings.doc() == document);
    }
    Ok(found)
}
