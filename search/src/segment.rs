//! A segment of the index with everything that searches need of it, opened on first use and kept as long as the segment
//! is served. Does not belong here: what is searched for.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use entity::SkillLevel;
use roaring::RoaringBitmap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::fields::{DocKind, FREE, Fields};
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Work units for looking up a term.
const TERM_WORK: u64 = 100;

/// Segment. Columns are cached because opening one costs as much as reading thousands of its values.
pub(super) struct Segment {
    pub(super) ordinal: usize,
    pub(super) reader: SegmentReader,
    pub(super) fields: Arc<Fields>,
    courses: OnceLock<RoaringBitmap>,
    offerings: OnceLock<RoaringBitmap>,
    numbers: Cells<Column<i64>>,
    fractions: Cells<Column<f64>>,
    words: Cells<Option<StrColumn>>,
    tokens: Cells<u64>,
}

/// One cell per field.
type Cells<T> = Box<[OnceLock<T>]>;

impl Segment {
    /// Creates a segment with nothing opened yet.
    pub(super) fn new(ordinal: usize, reader: SegmentReader, fields: Arc<Fields>) -> Self {
        let count = reader.schema().num_fields();
        Self {
            ordinal,
            reader,
            fields,
            courses: OnceLock::new(),
            offerings: OnceLock::new(),
            numbers: cells(count),
            fractions: cells(count),
            words: cells(count),
            tokens: cells(count),
        }
    }

    /// Documents of courses, without deleted ones.
    pub(super) fn courses(&self) -> Result<&RoaringBitmap> {
        get_or_try_init(&self.courses, || self.of_kind(DocKind::Course))
    }

    /// Documents of offerings, without deleted ones.
    pub(super) fn offerings(&self) -> Result<&RoaringBitmap> {
        get_or_try_init(&self.offerings, || self.of_kind(DocKind::Offering))
    }

    /// Documents of a kind, without deleted ones.
    pub(super) fn of_kind(&self, kind: DocKind) -> Result<RoaringBitmap> {
        let kind = Term::from_field_i64(self.fields.doc_kind, kind as i64);
        let mut documents = self.with_term(&kind, &WorkMeter::unlimited())?;
        if let Some(alive) = self.reader.alive_bitset() {
            documents.retain(|document| alive.is_alive(document));
        }
        Ok(documents)
    }

    /// Documents with a term, including deleted ones.
    pub(super) fn with_term(&self, term: &Term, meter: &WorkMeter) -> Result<RoaringBitmap> {
        meter.charge(TERM_WORK)?;
        let index = self.reader.inverted_index(term.field()).map_err(Error::internal)?;
        let postings = index.read_postings(term, IndexRecordOption::Basic).map_err(Error::internal)?;
        Ok(postings.map(|postings| collect(postings, meter)).transpose()?.unwrap_or_default())
    }

    /// Work units of an operation on two sets of its documents.
    pub(super) fn set_work(&self) -> u64 {
        1 + u64::from(self.reader.max_doc()) / 256
    }

    /// Documents with a price in a currency, including deleted ones. Free courses have one in all currencies.
    pub(super) fn priced_in(&self, currency: &str, meter: &WorkMeter) -> Result<RoaringBitmap> {
        let with = |word| self.with_term(&Term::from_field_text(self.fields.price_currency, word), meter);
        Ok(with(currency)? | with(FREE)?)
    }

    /// Documents with a word in this range, including deleted ones.
    pub(super) fn with_words(&self, field: Field, words: Range<&str>, meter: &WorkMeter) -> Result<RoaringBitmap> {
        let index = self.reader.inverted_index(field).map_err(Error::internal)?;
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

    /// Number of words in a prose field of all documents, without deleted ones. Approximate for long texts.
    pub(super) fn tokens(&self, field: Field) -> tantivy::Result<u64> {
        let count = || {
            let lengths = self.reader.get_fieldnorms_reader(field)?;
            Ok(self.reader.doc_ids_alive().map(|document| u64::from(lengths.fieldnorm(document))).sum())
        };
        self.tokens.get(field.field_id() as usize).map_or_else(count, |cell| get_or_try_init(cell, count).copied())
    }

    pub(super) fn numbers(&self, field: Field) -> Result<&Column<i64>> {
        let empty = || Column::build_empty_column(self.reader.max_doc());
        self.column(&self.numbers, field, |name| Ok(self.reader.fast_fields().column_opt(name)?.unwrap_or_else(empty)))
    }

    pub(super) fn fractions(&self, field: Field) -> Result<&Column<f64>> {
        let empty = || Column::build_empty_column(self.reader.max_doc());
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

    fn column<'a, T>(
        &'a self,
        cells: &'a Cells<T>,
        field: Field,
        open: impl FnOnce(&str) -> tantivy::Result<T>,
    ) -> Result<&'a T> {
        let cell = cells.get(field.field_id() as usize).ok_or_else(|| Error::internal("a field of another index"))?;
        get_or_try_init(cell, || open(self.reader.schema().get_field_name(field)).map_err(Error::internal))
    }
}

fn cells<T>(count: usize) -> Cells<T> {
    std::iter::repeat_with(OnceLock::new).take(count).collect()
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
