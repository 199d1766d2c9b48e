//! Reads the records of a feed one after the other, each with the line on which it starts.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};
use futures_util::{Stream, StreamExt, stream};

use super::json;
use super::mapping::{Columns, Mapping};
use super::split::{RawRecord, Splitter};
use crate::course::write::ImportRow;
use crate::error::{AppError, Result};
use crate::input::{ValidationCode, ValidationError};

/// Bytes read from a file at a time.
const READ_BYTES: u64 = 64 * 1024;
/// Approximate maximum size of a batch in bytes. Batches of long records have fewer rows.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
}

/// Record of a feed.
#[derive(Clone, Debug)]
pub struct Record {
    /// Line on which the record starts, counted from 1.
    pub line: u64,
    /// Fields of the record.
    pub row: ImportRow,
}

/// Reads records from a stream of bytes. A failure of the stream itself is reported as an error of a record.
pub struct FeedReader<S> {
    source: S,
    splitter: Splitter,
    lines: RecordFormat,
    end: FeedEnd,
}

enum RecordFormat {
    Csv(Columns),
    Json,
}

/// How far the feed has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FeedEnd {
    /// There may be more.
    Open,
    /// The feed was read to its end.
    Complete,
    /// The feed broke off.
    Broken,
}

/// Reads a file as a stream of bytes.
pub fn file(mut file: impl Read) -> impl Stream<Item = Result<Vec<u8>, ValidationError>> + Unpin {
    stream::iter(std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        match (&mut file).take(READ_BYTES).read_to_end(&mut bytes) {
            Ok(0) => None,
            Ok(_) => Some(Ok(bytes)),
            Err(_) => Some(Err(ValidationError::of("file", ValidationCode::Invalid, "cannot be read from here on"))),
        }
    }))
}

impl<B: AsRef<[u8]>, S: Stream<Item = Result<B, ValidationError>> + Unpin> FeedReader<S> {
    /// Opens a feed in this format, with a limit on the bytes of a record. The header must fit the mapping; without a
    /// mapping, its columns must be fields of a course.
    pub async fn open(source: S, format: Format, mapping: Option<Mapping>, max: usize) -> Result<Self> {
        let splitter = Splitter::new(format, max);
        let mut reader = Self { source, splitter, lines: RecordFormat::Json, end: FeedEnd::Open };
        match (format, mapping) {
            (Format::Csv, mapping) => reader.lines = RecordFormat::Csv(reader.header(mapping).await?),
            (Format::Jsonl, None) => {}
            (Format::Jsonl, Some(_)) => return Err(AppError::input("--mapping", "is for CSV only")),
        }
        Ok(reader)
    }

    async fn header(&mut self, mapping: Option<Mapping>) -> Result<Columns> {
        let wrong = |rule: &str| AppError::input("line 1", rule);
        let record_bytes = match self.record_bytes().await {
            Some(Ok(record_bytes)) if record_bytes.is_complete => record_bytes,
            Some(Ok(_)) => return Err(wrong("the header is too long")),
            Some(Err((_, error))) => return Err(wrong(&error.rule)),
            None => return Err(wrong("there is no header")),
        };
        let header = cells(&record_bytes.bytes);
        let header: Option<Vec<String>> =
            header.iter().map(|name| std::str::from_utf8(name).ok().map(|name| name.trim().to_owned())).collect();
        Columns::new(header.ok_or_else(|| wrong("the header is not UTF-8"))?, mapping)
    }

    /// Mapping, unless the columns are fields of a course.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match &self.lines {
            RecordFormat::Csv(columns) => columns.mapping(),
            RecordFormat::Json => None,
        }
    }

    /// Whether the feed broke off before its end.
    pub(super) fn is_broken(&self) -> bool {
        self.end == FeedEnd::Broken
    }

    /// Reads the next records, at most `max`; none at the end.
    pub(super) async fn take(&mut self, max: usize) -> Vec<Record> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < max && bytes < MAX_BATCH_BYTES {
            match self.record_bytes().await {
                None => break,
                Some(Ok(record_bytes)) => {
                    bytes += record_bytes.bytes.len();
                    records.push(Record { line: record_bytes.line, row: self.row(&record_bytes) });
                }
                Some(Err((line, error))) => records.push(Record { line, row: ImportRow::unreadable(error) }),
            }
        }
        records
    }

    /// If the feed cannot be read any further, its last record is an error that says so. Records before it are kept.
    async fn record_bytes(&mut self) -> Option<Result<RawRecord, (u64, ValidationError)>> {
        loop {
            if let Some(record_bytes) = self.splitter.next() {
                return Some(Ok(record_bytes));
            }
            if self.end != FeedEnd::Open {
                return None;
            }
            let ended = match self.source.next().await {
                Some(Ok(bytes)) => {
                    self.splitter.push(bytes.as_ref());
                    continue;
                }
                Some(Err(error)) => Err((self.splitter.line, error)),
                None => self.splitter.end(),
            };
            self.end = if ended.is_ok() { FeedEnd::Complete } else { FeedEnd::Broken };
            if let Err(error) = ended {
                return Some(Err(error));
            }
        }
    }

    fn row(&self, record_bytes: &RawRecord) -> ImportRow {
        if !record_bytes.is_complete {
            return ImportRow::unreadable(ValidationError::of("record", ValidationCode::TooLong, "has too many bytes"));
        }
        match &self.lines {
            RecordFormat::Csv(columns) => csv_row(columns, &record_bytes.bytes),
            RecordFormat::Json => match json::object(record_bytes.bytes.trim_ascii()) {
                Ok((fields, errors)) => ImportRow { fields, errors },
                Err(error) => ImportRow::unreadable(error),
            },
        }
    }
}

fn csv_row(columns: &Columns, bytes: &[u8]) -> ImportRow {
    let record = cells(bytes);
    let cells: Option<Vec<&str>> = record.iter().map(|cell| std::str::from_utf8(cell).ok()).collect();
    match cells {
        Some(cells) => columns.row(&cells),
        None => ImportRow::unreadable(ValidationError::of("record", ValidationCode::Invalid, "is not UTF-8")),
    }
}

/// Splits a record into its cells.
fn cells(bytes: &[u8]) -> ByteRecord {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    // Reading from memory cannot fail, and every sequence of bytes is some record.
    _ = reader.read_byte_record(&mut record);
    record
}
