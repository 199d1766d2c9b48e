//! A segment of the index as of one commit: what successive commits share of it, and which of its documents are deleted.
//! Does not belong here: what is searched for.

use std::ops::Deref;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::fields::{DocKind, Fields};
use super::segment_data::{Cells, cells, get_or_try_init};
use super::segment_data::{SegmentData, cell};
use crate::error::Result;

/// Segment as of one commit.
pub(super) struct Segment {
    pub(super) ordinal: usize,
    data: Arc<SegmentData>,
    alive: Arc<AliveDocuments>,
}

/// Documents of a segment that are not deleted. Successive commits share it until more are deleted.
struct AliveDocuments {
    deleted: RoaringBitmap,
    courses: Arc<RoaringBitmap>,
    tokens: Cells<u64>,
}

impl Deref for Segment {
    type Target = SegmentData;

    fn deref(&self) -> &SegmentData {
        &self.data
    }
}

impl Segment {
    /// Opens a segment. Takes from `earlier` what still holds, if that is the same segment at an earlier commit.
    pub(super) fn open(
        ordinal: usize,
        reader: &SegmentReader,
        fields: &Arc<Fields>,
        earlier: Option<&Segment>,
    ) -> Result<Self> {
        let Some(earlier) = earlier else {
            let data = Arc::new(SegmentData::open(reader.clone(), fields.clone())?);
            let alive = Arc::new(AliveDocuments::new(&data, deleted(reader)));
            return Ok(Self { ordinal, data, alive });
        };
        let data = earlier.data.clone();
        let alive = if u64::from(reader.num_deleted_docs()) == earlier.alive.deleted.len() {
            earlier.alive.clone()
        } else {
            Arc::new(earlier.alive.without(&data, deleted(reader))?)
        };
        Ok(Self { ordinal, data, alive })
    }

    /// Documents of courses, without deleted ones.
    pub(super) fn courses(&self) -> &Arc<RoaringBitmap> {
        &self.alive.courses
    }

    /// Documents of a kind, without deleted ones.
    pub(super) fn of_kind(&self, kind: DocKind) -> Result<RoaringBitmap> {
        Ok(self.data.all_of_kind(kind)? - &self.alive.deleted)
    }

    /// Deleted documents.
    pub(super) fn deleted(&self) -> &RoaringBitmap {
        &self.alive.deleted
    }

    /// Whether a document is deleted.
    pub(super) fn is_deleted(&self, document: DocId) -> bool {
        self.alive.deleted.contains(document)
    }

    /// Number of words in a prose field of all documents, without deleted ones. Approximate for long texts.
    pub(super) fn tokens(&self, field: Field) -> Result<u64> {
        let count = || Ok(self.data.tokens(field)? - self.data.tokens_of(field, &self.alive.deleted)?);
        get_or_try_init(cell(&self.alive.tokens, field)?, count).copied()
    }
}

impl AliveDocuments {
    fn new(data: &SegmentData, deleted: RoaringBitmap) -> Self {
        let courses =
            if deleted.is_empty() { data.all_courses().clone() } else { Arc::new(&**data.all_courses() - &deleted) };
        Self { deleted, courses, tokens: cells(data.reader().schema().num_fields()) }
    }

    /// Documents at a later commit. The words of those that were deleted meanwhile are subtracted from what was counted.
    fn without(&self, data: &SegmentData, deleted: RoaringBitmap) -> Result<Self> {
        let newly = &deleted - &self.deleted;
        let next = Self::new(data, deleted);
        for ((field, _), (before, after)) in data.reader().schema().fields().zip(self.tokens.iter().zip(&next.tokens)) {
            if let Some(tokens) = before.get() {
                _ = after.set(tokens - data.tokens_of(field, &newly)?);
            }
        }
        Ok(next)
    }
}

fn deleted(reader: &SegmentReader) -> RoaringBitmap {
    let Some(alive) = reader.alive_bitset() else { return RoaringBitmap::new() };
    (0..reader.max_doc()).filter(|document| alive.is_deleted(*document)).collect()
}
