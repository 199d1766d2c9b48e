//! Reads the records of a feed one after the other, each with the line on which it starts.

use std::io::Read;
use std::str::Utf8Error;

use csv::{ByteRecord, ReaderBuilder};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

use super::encoding::Transcoder;
use super::gather::{self, Gathered};
use super::json;
use super::layout::Layout;
use super::mapping::{self, Columns, Mapping, Paths};
use super::split::{RawRecord, RowsLocation, Splitter};
use super::workbook::{self, CellOptions, SheetEvent};

use crate::course::write::ImportRow;
use crate::error::{AppError, Result};
use crate::input::{ValidationCode, ValidationError, text};

/// Bytes read from a file at a time.
const READ_BYTES: u64 = 64 * 1024;
/// Approximate maximum size of a batch in bytes. Batches of long records have fewer rows.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Values separated by commas, semicolons, tabs or bars, with a header.
    Csv,
    /// JSON: one object per line, an array of objects, or an object with such an array in a field.
    #[value(alias = "json")]
    Jsonl,
    /// Sheet of a workbook in .xlsx, with a header.
    Xlsx,
    /// Sheet of a workbook in .ods, with a header.
    Ods,
}

impl Format {
    /// Format with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        clap::ValueEnum::from_str(name, false).ok()
    }
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
    /// Rows of a sheet, which are read from the whole file instead of its pieces.
    sheet: Option<mpsc::Receiver<SheetEvent>>,
    transcoder: Transcoder,
    splitter: Splitter,
    lines: RecordFormat,
    /// The last record, while rows of the same course may follow.
    pending: Option<Record>,
    end: FeedEnd,
    /// Why the feed broke off, until it is reported.
    failure: Option<(u64, ValidationError)>,
}

enum RecordFormat {
    Csv(Columns),
    /// Courses in the form of an import.
    Json,
    MappedJson(Paths),
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
    pub async fn open(source: S, format: Format, mapping: Option<Mapping>, layout: Layout, max: usize) -> Result<Self> {
        Self::open_as(source, format, mapping, layout, max, None).await
    }

    /// Like `open`. Records that are no courses come with a function that knows their fields.
    pub async fn open_as(
        source: S,
        format: Format,
        mapping: Option<Mapping>,
        layout: Layout,
        max: usize,
        is_field: Option<fn(&str) -> bool>,
    ) -> Result<Self> {
        let layout = mapping.as_ref().map_or(Ok(Layout::default()), Mapping::layout).map(|other| layout.or(other))?;
        let place = mapping.as_ref().map_or(RowsLocation::Found, Mapping::rows);
        let mut reader = Self {
            source,
            sheet: None,
            transcoder: Transcoder::new(layout.encoding),
            splitter: Splitter::new(format, &layout, place, max),
            lines: RecordFormat::Json,
            pending: None,
            end: FeedEnd::Open,
            failure: None,
        };
        match (format, mapping) {
            (Format::Csv, mapping) => reader.lines = RecordFormat::Csv(reader.header(mapping, is_field).await?),
            (Format::Jsonl, None) => {}
            (Format::Jsonl, Some(mapping)) => reader.lines = RecordFormat::MappedJson(Paths::new(mapping)?),
            (Format::Xlsx | Format::Ods, mapping) => {
                let decimal = mapping.as_ref().map_or('.', Mapping::decimal);
                let options = CellOptions { decimal, keep_currency: mapping.is_some(), max_record: max };
                let file = reader.whole_file().await?;
                reader.sheet = Some(workbook::rows(file, layout.sheet, layout.skip_lines, options));
                reader.lines = RecordFormat::Csv(reader.header(mapping, is_field).await?);
            }
        }
        Ok(reader)
    }

    /// Reads a workbook, whose directory is at its end.
    async fn whole_file(&mut self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        while let Some(bytes) = self.source.next().await {
            let bytes = bytes.map_err(|error| AppError::input(error.path.join("."), error.rule))?;
            if file.len() + bytes.as_ref().len() > workbook::MAX_FILE_BYTES {
                return Err(AppError::input(
                    "file",
                    "has more than 16 MiB, which is too much for a workbook: send CSV",
                ));
            }
            file.extend_from_slice(bytes.as_ref());
        }
        Ok(file)
    }

    async fn header(&mut self, mapping: Option<Mapping>, is_field: Option<fn(&str) -> bool>) -> Result<Columns> {
        let wrong = |rule: &str| AppError::input("line 1", rule);
        let record_bytes = match self.record_bytes().await {
            Some(Ok(RawRecord { fault: Some(fault), .. })) if fault.code == ValidationCode::TooLong => {
                return Err(wrong("the header is too long"));
            }
            Some(Ok(RawRecord { fault: Some(fault), .. })) => return Err(wrong(&fault.rule)),
            Some(Ok(record_bytes)) => record_bytes,
            Some(Err((_, error))) if self.sheet.is_some() => {
                return Err(AppError::input(error.path.join("."), error.rule));
            }
            Some(Err((_, error))) => return Err(wrong(&error.rule)),
            None => return Err(wrong("there is no header")),
        };
        let header = cells(&record_bytes.bytes, self.splitter.delimiter());
        let header: Option<Vec<String>> =
            header.iter().map(|name| std::str::from_utf8(name).ok().map(mapping::heading)).collect();
        let rule = "the header is not UTF-8: save the file as UTF-8, or declare its encoding";
        Columns::new(header.ok_or_else(|| wrong(rule))?, mapping, is_field)
    }

    /// Mapping, unless the columns are fields of a course.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match &self.lines {
            RecordFormat::Csv(columns) => columns.mapping(),
            RecordFormat::Json => None,
            RecordFormat::MappedJson(paths) => Some(paths.mapping()),
        }
    }

    /// Whether the feed broke off before its end.
    pub(super) fn is_broken(&self) -> bool {
        self.end == FeedEnd::Broken
    }

    /// Reads the next records, at most `max`; none at the end.
    pub(super) async fn take(&mut self, max: usize) -> Vec<Record> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.is_empty() || records.len() < max && bytes < MAX_BATCH_BYTES {
            let record = match self.record_bytes().await {
                None => {
                    records.extend(self.pending.take());
                    break;
                }
                Some(Ok(record_bytes)) => {
                    bytes += record_bytes.bytes.len();
                    let Some(row) = self.row(&record_bytes) else { continue };
                    Record { line: record_bytes.line, row }
                }
                Some(Err((line, error))) => Record { line, row: ImportRow::unreadable(error) },
            };
            records.extend(self.gather(record));
        }
        records
    }

    /// Adds a record to the one before it, if both are rows of one course. Returns the record that is complete.
    fn gather(&mut self, record: Record) -> Option<Record> {
        let RecordFormat::Csv(columns) = &self.lines else { return Some(record) };
        if !columns.has_offerings() {
            return Some(record);
        }
        let Some(mut pending) = self.pending.take() else {
            self.pending = Some(record);
            return None;
        };
        match gather::join(&mut pending, record) {
            Gathered::Joined => {
                self.pending = Some(pending);
                None
            }
            Gathered::Other(record) => {
                self.pending = Some(record);
                Some(pending)
            }
        }
    }

    /// If the feed cannot be read any further, its last record is an error that says so. Records before it are kept.
    async fn record_bytes(&mut self) -> Option<Result<RawRecord, (u64, ValidationError)>> {
        if let Some(rows) = &mut self.sheet {
            if self.end != FeedEnd::Open {
                return None;
            }
            let (end, last) = match rows.recv().await {
                Some(SheetEvent::Row(record_bytes)) => return Some(Ok(record_bytes)),
                Some(SheetEvent::End) => (FeedEnd::Complete, None),
                Some(SheetEvent::Failure(line, error)) => (FeedEnd::Broken, Some(Err((line, error)))),
                None => (
                    FeedEnd::Broken,
                    Some(Err((1, ValidationError::of("file", ValidationCode::Invalid, "cannot be read")))),
                ),
            };
            self.end = end;
            return last;
        }
        loop {
            if let Some(record_bytes) = self.splitter.next() {
                return Some(Ok(record_bytes));
            }
            if self.end != FeedEnd::Open {
                return self.failure.take().map(Err);
            }
            let ended = match self.source.next().await {
                Some(Ok(bytes)) => {
                    self.splitter.push(&self.transcoder.convert(bytes.as_ref(), false));
                    continue;
                }
                Some(Err(error)) => Err((self.splitter.line, error)),
                None => {
                    self.splitter.push(&self.transcoder.convert(&[], true));
                    self.splitter.end()
                }
            };
            self.end = if ended.is_ok() { FeedEnd::Complete } else { FeedEnd::Broken };
            if let Err(error) = ended {
                self.failure = Some(error);
            }
        }
    }

    /// Row of a record. `None` if all of its cells are empty, or if the mapping passes over it.
    fn row(&self, record_bytes: &RawRecord) -> Option<ImportRow> {
        if let Some(fault) = &record_bytes.fault {
            return Some(ImportRow::unreadable(fault.clone()));
        }
        match &self.lines {
            RecordFormat::Csv(columns) => csv_row(columns, &record_bytes.bytes, self.splitter.delimiter()),
            RecordFormat::Json => Some(match json::object(record_bytes.bytes.trim_ascii()) {
                Ok((fields, errors)) => ImportRow { fields, errors },
                Err(error) => ImportRow::unreadable(error),
            }),
            RecordFormat::MappedJson(paths) => match json::value(record_bytes.bytes.trim_ascii()) {
                Ok((record, errors)) => paths.row(&record).map(|mut row| {
                    row.errors.extend(errors);
                    row
                }),
                Err(error) => Some(ImportRow::unreadable(error)),
            },
        }
    }
}

fn csv_row(columns: &Columns, bytes: &[u8], delimiter: u8) -> Option<ImportRow> {
    let record = cells(bytes, delimiter);
    let cells: Result<Vec<&str>, ValidationError> = record
        .iter()
        .enumerate()
        .map(|(index, cell)| std::str::from_utf8(cell).map_err(|error| undecodable(columns, index, cell, error)))
        .collect();
    match cells {
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

/// Splits a record into its cells.
fn cells(bytes: &[u8], delimiter: u8) -> ByteRecord {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut record = ByteRecord::new();
    // Reading from memory cannot fail, and every sequence of bytes is some record.
    _ = reader.read_byte_record(&mut record);
    record
}
