//! Courses that match a text, which a request searches for once. Does not belong here: how they are found.

use roaring::RoaringBitmap;
use tantivy::{DocId, Score};

use crate::text_query::Strictness;

/// Courses that match a text.
pub struct TextMatches {
    /// How strictly it was matched.
    pub strictness: Strictness,
    pub segments: Vec<TextSegment>,
}

/// Courses that match a text in a segment.
pub struct TextSegment {
    /// Scores, in the order of the documents.
    pub scores: Vec<(DocId, Score)>,
    pub documents: RoaringBitmap,
}

impl TextMatches {
    /// Size in bytes.
    pub fn bytes(&self) -> usize {
        let bytes = |found: &TextSegment| size_of_val(found.scores.as_slice()) + found.documents.serialized_size();
        self.segments.iter().map(bytes).sum()
    }
}
