//! Parses the bytes of records into rows, a batch at a time. Does not belong here: where the bytes come from, and where
//! a record ends.

use std::str::Utf8Error;

use csv_core::ReadRecordResult;

use super::json;
use super::mapping::{Columns, Mapping, Paths};
use super::reader::Record;
use super::split::RawRecord;
use crate::course::write::ImportRow;
use crate::input::{ValidationCode, ValidationError, text};

/// Number of bytes, and of cells, that a splitter has room for at first.
const USUAL_CELLS: usize = 64;

/// Parser for the records of a feed.
pub(super) enum RecordParser {
    /// Records of CSV or of a sheet, with the delimiter between their cells.
    Csv(Columns, u8),
    /// Courses in the form of an import.
    Json,
    /// JSON in anybody's form.
    MappedJson(Paths),
}

impl RecordParser {
    /// Mapping, unless the columns are fields of a course.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match self {
            RecordParser::Csv(columns, _) => columns.mapping(),
            RecordParser::Json => None,
            RecordParser::MappedJson(paths) => Some(paths.mapping()),
        }
    }

    /// Whether several rows may describe one course.
    pub(super) fn has_offerings(&self) -> bool {
        matches!(self, RecordParser::Csv(columns, _) if columns.has_offerings())
    }

    /// Parses records, except for those whose cells are all empty, or that the mapping passes over.
    pub(super) fn parse(&self, records: Vec<RawRecord>) -> Vec<Record> {
        match self {
            RecordParser::Csv(columns, delimiter) => {
                let mut cells = CellSplitter::new(*delimiter);
                rows(records, |bytes| csv_row(columns, cells.split(bytes)))
            }
            RecordParser::Json => rows(records, |bytes| {
                Some(match json::object(bytes.trim_ascii()) {
                    Ok((fields, errors)) => ImportRow { fields, errors },
                    Err(error) => ImportRow::unreadable(error),
                })
            }),
            RecordParser::MappedJson(paths) => rows(records, |bytes| match json::value(bytes.trim_ascii()) {
                Ok((record, errors)) => paths.row(&record).map(|mut row| {
                    row.errors.extend(errors);
                    row
                }),
                Err(error) => Some(ImportRow::unreadable(error)),
            }),
        }
    }
}

/// Rows of records. A record with a fault is unreadable.
fn rows(records: Vec<RawRecord>, mut read: impl FnMut(&[u8]) -> Option<ImportRow>) -> Vec<Record> {
    let row = |RawRecord { line, bytes, fault }: RawRecord| {
        let row = fault.map_or_else(|| read(&bytes), |fault| Some(ImportRow::unreadable(fault)))?;
        Some(Record { line, row })
    };
    records.into_iter().filter_map(row).collect()
}

fn csv_row<'a>(columns: &Columns, cells: impl Iterator<Item = &'a [u8]>) -> Option<ImportRow> {
    let texts: Result<Vec<&str>, ValidationError> = cells
        .enumerate()
        .map(|(index, cell)| std::str::from_utf8(cell).map_err(|error| undecodable(columns, index, cell, error)))
        .collect();
    match texts {
        Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => None,
        Ok(cells) => columns.is_wanted(&cells).then(|| columns.row(&cells)),
        Err(error) => Some(ImportRow::unreadable(error)),
    }
}

fn undecodable(columns: &Columns, index: usize, cell: &[u8], error: Utf8Error) -> ValidationError {
    let before = String::from_utf8_lossy(cell.get(..error.valid_up_to()).unwrap_or_default());
    let rule = format!(
        "{} has a byte of another encoding after \"{}\": save the file as UTF-8, or declare its encoding",
        columns.heading(index),
        text::truncate(&before, 60)
    );
    ValidationError::of("record", ValidationCode::Invalid, rule)
}

/// Splits records into their cells. Building the parser of the library takes longer than reading a record with it.
pub(super) struct CellSplitter {
    parser: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl CellSplitter {
    /// Creates a splitter for cells with this delimiter.
    pub(super) fn new(delimiter: u8) -> Self {
        let parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self { parser, bytes: vec![0; USUAL_CELLS], ends: vec![0; USUAL_CELLS] }
    }

    /// Splits a record. Every sequence of bytes is some record.
    pub(super) fn split(&mut self, mut record: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.parser.reset();
        let (mut length, mut count) = (0, 0);
        loop {
            let bytes = self.bytes.get_mut(length..).unwrap_or_default();
            let ends = self.ends.get_mut(count..).unwrap_or_default();
            let (result, read, written, ended) = self.parser.read_record(record, bytes, ends);
            record = record.get(read..).unwrap_or_default();
            (length, count) = (length + written, count + ended);
            match result {
                // The parser takes the next call, without bytes, for the end.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(2 * self.bytes.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        let (bytes, mut start) = (self.bytes.as_slice(), 0);
        self.ends.iter().take(count).map(move |end| {
            let cell = bytes.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CellSplitter;

    #[test]
    fn a_splitter_is_used_for_record_after_record() {
        let mut cells = CellSplitter::new(b';');
        let mut split = |record: &str| -> Vec<String> {
            cells.split(record.as_bytes()).map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
        };
        assert_eq!(split("a;\"b;\"\"c\"\"\";"), ["a", "b;\"c\"", ""]);
        assert!(split("").is_empty());
        let long = "x".repeat(10_000);
        assert_eq!(split(&format!("{long};{}", ";".repeat(1_000))).len(), 1_002);
        assert_eq!(split("\"left open"), ["left open"]);
        assert_eq!(split("after it"), ["after it"]);
    }
}
