//! Reads the records of a feed one after the other, each with the line on which it starts.

use std::io::Read;
use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

use super::encoding::Transcoder;
use super::gather::{self, Gathered};
use super::layout::Layout;
use super::mapping::{self, Columns, Mapping, Paths};
use super::record_parser::{CellSplitter, RecordParser};
use super::split::{RawRecord, RowsLocation, Splitter};
use super::workbook::{self, CellOptions, SheetEvent};

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
    parser: Arc<RecordParser>,
    /// The last record, while rows of the same course may follow.
    pending: Option<Record>,
    end: FeedEnd,
    /// Why the feed broke off, until it is reported.
    failure: Option<(u64, ValidationError)>,
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
            parser: Arc::new(RecordParser::Json),
            pending: None,
            end: FeedEnd::Open,
            failure: None,
        };
        reader.parser = Arc::new(match (format, mapping) {
            (Format::Csv, mapping) => reader.header(mapping, is_field).await?,
            (Format::Jsonl, None) => RecordParser::Json,
            (Format::Jsonl, Some(mapping)) => RecordParser::MappedJson(Paths::new(mapping)?),
            (Format::Xlsx | Format::Ods, mapping) => {
                let decimal = mapping.as_ref().map_or('.', Mapping::decimal);
                let options = CellOptions { decimal, keep_currency: mapping.is_some(), max_record: max };
                let file = reader.whole_file().await?;
                reader.sheet = Some(workbook::rows(file, layout.sheet, layout.skip_lines, options));
                reader.header(mapping, is_field).await?
            }
        });
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

    async fn header(&mut self, mapping: Option<Mapping>, is_field: Option<fn(&str) -> bool>) -> Result<RecordParser> {
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
        let delimiter = self.splitter.delimiter();
        let mut cells = CellSplitter::new(delimiter);
        let header = cells.split(&record_bytes.bytes);
        let header: Option<Vec<String>> =
            header.map(|name| std::str::from_utf8(name).ok().map(mapping::heading)).collect();
        let rule = "the header is not UTF-8: save the file as UTF-8, or declare its encoding";
        let columns = Columns::new(header.ok_or_else(|| wrong(rule))?, mapping, is_field)?;
        Ok(RecordParser::Csv(columns, delimiter))
    }

    /// Mapping, unless the columns are fields of a course.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        self.parser.mapping()
    }

    /// Whether the feed broke off before its end.
    pub(super) fn is_broken(&self) -> bool {
        self.end == FeedEnd::Broken
    }

    /// Reads the next records, at most `max`; none at the end. They are parsed on another thread, so that the caller can
    /// write the records before them meanwhile.
    pub(super) async fn take(&mut self, max: usize) -> Result<Vec<Record>> {
        loop {
            let raw = self.raw_records(max).await;
            if raw.is_empty() {
                return Ok(self.pending.take().into_iter().collect());
            }
            let parser = self.parser.clone();
            let parsed = tokio::task::spawn_blocking(move || parser.parse(raw)).await.map_err(AppError::internal)?;
            let records: Vec<Record> = parsed.into_iter().filter_map(|record| self.gather(record)).collect();
            if !records.is_empty() {
                return Ok(records);
            }
        }
    }

    async fn raw_records(&mut self, max: usize) -> Vec<RawRecord> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < max && bytes < MAX_BATCH_BYTES {
            let record = match self.record_bytes().await {
                None => break,
                Some(Ok(record)) => record,
                Some(Err((line, fault))) => RawRecord { line, bytes: Vec::new(), fault: Some(fault) },
            };
            bytes += record.bytes.len();
            records.push(record);
        }
        records
    }

    /// Adds a record to the one before it, if both are rows of one course. Returns the record that is complete.
    fn gather(&mut self, record: Record) -> Option<Record> {
        if !self.parser.has_offerings() {
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
}
