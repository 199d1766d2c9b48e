//! What a segment of the index keeps as long as it exists. Nothing here depends on deletions, so successive commits share
//! it. Opened on first use, unless it is expensive. Does not belong here: what is searched for.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use entity::SkillLevel;
use roaring::RoaringBitmap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::codes::Codes;
use super::fields::{DocKind, Fields};
use super::permutation::Permutations;
use super::set_cache::SetCache;
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Work units for looking up a term.
const TERM_WORK: u64 = 100;

/// Lasting part of a segment. Columns are kept because opening one costs as much as reading thousands of its values.
pub(super) struct SegmentData {
    pub(super) fields: Arc<Fields>,
    /// Sets of documents that meet a condition.
    pub(super) sets: SetCache,
    /// Courses in the orders that are in use.
    pub(super) permutations: Permutations,
    /// As the segment was when it was first opened. What it says about deletions is out of date.
    reader: SegmentReader,
    courses: Arc<RoaringBitmap>,
    offerings: Arc<RoaringBitmap>,
    numbers: Cells<Column<i64>>,
    fractions: Cells<Column<f64>>,
    words: Cells<Option<StrColumn>>,
    codes: Cells<Codes>,
    tokens: Cells<u64>,
}

/// One cell per field.
pub(super) type Cells<T> = Box<[OnceLock<T>]>;

impl SegmentData {
    /// Opens a segment.
    pub(super) fn open(reader: SegmentReader, fields: Arc<Fields>) -> Result<Self> {
        let count = reader.schema().num_fields();
        let mut data = Self {
            fields,
            sets: SetCache::new(reader.max_doc()),
            permutations: Permutations::default(),
            reader,
            courses: Arc::default(),
            offerings: Arc::default(),
            numbers: cells(count),
            fractions: cells(count),
            words: cells(count),
            codes: cells(count),
            tokens: cells(count),
        };
        data.courses = Arc::new(data.all_of_kind(DocKind::Course)?);
        data.offerings = Arc::new(data.all_of_kind(DocKind::Offering)?);
        Ok(data)
    }

    /// Identity of the segment.
    pub(super) fn id(&self) -> SegmentId {
        self.reader.segment_id()
    }

    /// Reader of the library, for queries and stored texts. It takes deleted documents for existing ones.
    pub(super) fn reader(&self) -> &SegmentReader {
        &self.reader
    }

    /// Number of documents, including deleted ones.
    pub(super) fn max_doc(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Documents of courses, including deleted ones.
    pub(super) fn all_courses(&self) -> &Arc<RoaringBitmap> {
        &self.courses
    }

    /// Documents of offerings, including deleted ones.
    pub(super) fn all_offerings(&self) -> &Arc<RoaringBitmap> {
        &self.offerings
    }

    /// Documents of a kind, including deleted ones.
    pub(super) fn all_of_kind(&self, kind: DocKind) -> Result<RoaringBitmap> {
        self.with_term(&Term::from_field_i64(self.fields.doc_kind, kind as i64), &WorkMeter::unlimited())
    }

    /// Terms of a field, with their documents.
    pub(super) fn index(&self, field: Field) -> Result<Arc<InvertedIndexReader>> {
        self.reader.inverted_index(field).map_err(Error::internal)
    }

    /// Documents with a term, including deleted ones.
    pub(super) fn with_term(&self, term: &Term, meter: &WorkMeter) -> Result<RoaringBitmap> {
        meter.charge(TERM_WORK)?;
        let postings = self.index(term.field())?.read_postings(term, IndexRecordOption::Basic);
        let postings = postings.map_err(Error::internal)?;
        Ok(postings.map(|postings| collect(postings, meter)).transpose()?.unwrap_or_default())
    }

    /// Work units of an operation on two sets of its documents.
    pub(super) fn set_work(&self) -> u64 {
        1 + u64::from(self.max_doc()) / 256
    }

    /// Documents with a word in this range, including deleted ones.
    pub(super) fn with_words(&self, field: Field, words: Range<&str>, meter: &WorkMeter) -> Result<RoaringBitmap> {
        let index = self.index(field)?;
        let range = index.terms().range().ge(words.start).lt(words.end);
        let mut found = range.into_stream().map_err(Error::internal)?;
        let mut documents = RoaringBitmap::new();
        while found.advance() {
            meter.charge(TERM_WORK)?;
            let postings = index.read_postings_from_terminfo(found.value(), IndexRecordOption::Basic);
            documents |= collect(postings.map_err(Error::internal)?, meter)?;
        }
        Ok(documents)
    }

    /// Number of words in a prose field of all documents, including deleted ones. Approximate for long texts.
    pub(super) fn tokens(&self, field: Field) -> Result<u64> {
        get_or_try_init(cell(&self.tokens, field)?, || self.sum_tokens(field, 0..self.max_doc())).copied()
    }

    /// Number of words in a prose field of these documents. Approximate for long texts.
    pub(super) fn tokens_of(&self, field: Field, documents: &RoaringBitmap) -> Result<u64> {
        self.sum_tokens(field, documents.iter())
    }

    fn sum_tokens(&self, field: Field, documents: impl Iterator<Item = DocId>) -> Result<u64> {
        let lengths = self.reader.get_fieldnorms_reader(field).map_err(Error::internal)?;
        Ok(documents.map(|document| u64::from(lengths.fieldnorm(document))).sum())
    }

    pub(super) fn numbers(&self, field: Field) -> Result<&Column<i64>> {
        let empty = || Column::build_empty_column(self.max_doc());
        self.column(&self.numbers, field, |name| Ok(self.reader.fast_fields().column_opt(name)?.unwrap_or_else(empty)))
    }

    pub(super) fn fractions(&self, field: Field) -> Result<&Column<f64>> {
        let empty = || Column::build_empty_column(self.max_doc());
        self.column(&self.fractions, field, |name| {
            Ok(self.reader.fast_fields().column_opt(name)?.unwrap_or_else(empty))
        })
    }

    /// Columns of required skills with their levels, lowest first.
    pub(super) fn needs(&self) -> Result<[(SkillLevel, &Column<i64>); 3]> {
        let [basic, familiar, proficient] = self.fields.needs();
        let open = |(level, field)| Ok::<_, Error>((level, self.numbers(field)?));
        Ok([open(basic)?, open(familiar)?, open(proficient)?])
    }

    /// Word column; `None` if no document of the segment has a value.
    pub(super) fn words(&self, field: Field) -> Result<Option<&StrColumn>> {
        self.column(&self.words, field, |name| self.reader.fast_fields().str(name)).map(Option::as_ref)
    }

    /// Values of an integer column as small integers.
    pub(super) fn codes(&self, field: Field) -> Result<&Codes> {
        let column = self.numbers(field)?;
        get_or_try_init(cell(&self.codes, field)?, || Ok(Codes::new(column)))
    }

    fn column<'a, T>(
        &'a self,
        cells: &'a Cells<T>,
        field: Field,
        open: impl FnOnce(&str) -> tantivy::Result<T>,
    ) -> Result<&'a T> {
        let open = || open(self.reader.schema().get_field_name(field)).map_err(Error::internal);
        get_or_try_init(cell(cells, field)?, open)
    }
}

pub(super) fn cells<T>(count: usize) -> Cells<T> {
    std::iter::repeat_with(OnceLock::new).take(count).collect()
}

pub(super) fn cell<T>(cells: &Cells<T>, field: Field) -> Result<&OnceLock<T>> {
    cells.get(field.field_id() as usize).ok_or_else(|| Error::internal("a field of another index"))
}

/// Returns the value of a cell, initializing it first if it is empty.
pub(super) fn get_or_try_init<T, E>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}

/// Collects all documents of a posting list.
fn collect(list: impl DocSet, meter: &WorkMeter) -> Result<RoaringBitmap> {
    meter.charge(u64::from(list.size_hint()))?;
    RoaringBitmap::from_sorted_iter(documents(list)).map_err(Error::internal)
}

/// Word at an ordinal of the dictionary of a column.
pub(super) fn word(column: &StrColumn, ordinal: u64) -> Result<String> {
    let mut word = String::new();
    column.ord_to_str(ordinal, &mut word).map_err(Error::internal)?;
    Ok(word)
}

/// Documents of a posting list.
pub(super) fn documents(mut list: impl DocSet) -> impl Iterator<Item = DocId> {
    std::iter::from_fn(move || {
        let document = list.doc();
        (document != TERMINATED).then(|| {
            list.advance();
            document
        })
    })
}
