//! Splits a feed into records while it arrives in pieces: nobody has to wait for its end, and only the current record
//! is kept in memory. Does not belong here: the content of a record.
//!
//! A parser that pulls its input would need a thread for every feed from the network, and does not report a quote that
//! is never closed.

mod json;

use std::collections::VecDeque;

use self::json::JsonScanner;
pub(super) use self::json::RowsLocation;
use super::layout::{Layout, declared_delimiter, find_delimiter, may_delimit};
use super::reader::Format;
use crate::input::{ValidationCode, ValidationError};

/// Byte order mark that some programs put before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Raw record.
pub(super) struct RawRecord {
    /// Line on which the record starts, counted from 1.
    pub line: u64,
    /// Bytes of the record, without the end of its last line.
    pub bytes: Vec<u8>,
    /// Why the record cannot be read.
    pub fault: Option<ValidationError>,
}

impl RawRecord {
    /// Fault of a record of which some bytes were dropped.
    pub(super) fn too_long() -> ValidationError {
        ValidationError::of("record", ValidationCode::TooLong, "has too many bytes")
    }

    /// Fault of a record with quotes that open and close on these lines, the latter in the middle of a field.
    fn stray_quote((from, to): (u64, u64)) -> ValidationError {
        let rule = format!(
            "the quote that opens in line {from} closes in line {to} before the end of its cell: write a quote inside a cell twice"
        );
        ValidationError::of("record", ValidationCode::Invalid, rule)
    }
}

/// Position of the next byte in a CSV record.
#[derive(Clone, Copy)]
enum CsvState {
    /// At the start of a field, where a quote opens one.
    Start,
    /// In a field without quotes, or after a closing quote.
    Plain,
    /// Inside quotes that were opened on this line.
    Quoted(u64),
    /// After a quote inside quotes: it closes them, unless another quote follows and escapes it.
    Closing(u64),
    /// After closing quotes and blanks, where nothing but the end of the field may follow.
    Closed(u64),
}

/// What happens to a byte.
enum Step {
    Keep,
    Drop,
    /// It ends the record, and is no part of it.
    Finish,
    /// It and the bytes before it are no part of a record.
    Discard,
    /// The bytes before it are no part of a record, and it begins one.
    Restart,
    /// The first bytes, so many of them, are a record, and it begins the next one.
    Break(usize),
}

/// Splitter for a feed.
pub(super) struct Splitter {
    format: Format,
    max: usize,
    at: CsvState,
    json: JsonScanner,
    /// Delimiter of CSV. `None` until the header is complete.
    delimiter: Option<u8>,
    /// Number of lines that are still skipped.
    skip: u32,
    /// Current line.
    pub line: u64,
    started: u64,
    bytes: Vec<u8>,
    is_complete: bool,
    /// Lines on which quotes of the record open and close in the middle of a field.
    stray_quote: Option<(u64, u64)>,
    /// Whether the last byte was a carriage return, which ends a line with or without a line feed.
    after_return: bool,
    /// Whether a byte order mark may still follow.
    first: bool,
    ready: VecDeque<RawRecord>,
}

impl Splitter {
    /// Creates a splitter for this format, with a limit on the bytes of a record.
    pub(super) fn new(format: Format, layout: &Layout, rows: RowsLocation, max: usize) -> Self {
        Self {
            format,
            max,
            at: CsvState::Start,
            json: JsonScanner::new(rows),
            delimiter: layout.delimiter,
            skip: if format == Format::Csv { layout.skip_lines } else { 0 },
            line: 1,
            started: 1,
            bytes: Vec::new(),
            is_complete: true,
            stray_quote: None,
            after_return: false,
            first: true,
            ready: VecDeque::new(),
        }
    }

    /// Delimiter of CSV, once the header is complete.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter.unwrap_or(b',')
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            let run = self.run(rest);
            if run > 0 {
                let (text, after) = rest.split_at(run);
                self.bytes.extend_from_slice(text);
                self.after_return = false;
                rest = after;
                continue;
            }
            let ends_line = *byte == b'\r' || *byte == b'\n' && !self.after_return;
            self.after_return = *byte == b'\r';
            if self.skip > 0 {
                self.skip -= u32::from(ends_line);
            } else {
                self.add(*byte);
            }
            self.line += u64::from(ends_line);
            rest = after;
        }
    }

    /// Number of the next bytes that are the text of a CSV cell and nothing else, so that they are taken together.
    fn run(&self, bytes: &[u8]) -> usize {
        let (Some(delimiter), Format::Csv, false) = (self.delimiter, self.format, self.first || self.bytes.is_empty())
        else {
            return 0;
        };
        let bytes = bytes.get(..self.max.saturating_sub(self.bytes.len())).unwrap_or(bytes);
        let ends = |byte: &u8| matches!(*byte, b'\n' | b'\r');
        let run = match self.at {
            CsvState::Plain => bytes.iter().position(|byte| *byte == delimiter || ends(byte)),
            CsvState::Quoted(_) => bytes.iter().position(|byte| *byte == b'"' || ends(byte)),
            CsvState::Start | CsvState::Closing(_) | CsvState::Closed(_) => Some(0),
        };
        run.unwrap_or(bytes.len())
    }

    fn add(&mut self, byte: u8) {
        let step = match self.format {
            Format::Jsonl if self.json.is_at_start() && self.is_mark(byte) => Step::Keep,
            Format::Jsonl => self.json.step(byte, self.bytes.len(), self.line),
            Format::Csv | Format::Xlsx | Format::Ods => self.step_csv(byte),
        };
        match step {
            Step::Keep => self.keep(byte),
            Step::Drop => {}
            Step::Finish => self.finish(),
            Step::Discard => self.discard(),
            Step::Restart => {
                self.discard();
                self.keep(byte);
            }
            Step::Break(length) => {
                self.bytes.truncate(length);
                self.finish();
                self.keep(byte);
            }
        }
    }

    fn discard(&mut self) {
        self.bytes.clear();
        self.is_complete = true;
    }

    /// Returns the next complete record.
    pub(super) fn next(&mut self) -> Option<RawRecord> {
        self.ready.pop_front()
    }

    /// Ends the feed. Fails if a record is left open.
    pub(super) fn end(&mut self) -> Result<(), (u64, ValidationError)> {
        if let (Format::Csv, CsvState::Quoted(line)) = (self.format, self.at) {
            let rule = format!("a quote that is opened in line {line} is never closed");
            return Err((self.started, ValidationError::of("file", ValidationCode::Invalid, rule)));
        }
        self.json
            .end(self.line)
            .map_err(|(line, rule)| (line, ValidationError::of("file", ValidationCode::Invalid, rule)))?;
        self.finish();
        Ok(())
    }

    /// Whether a byte continues the byte order mark.
    fn is_mark(&self, byte: u8) -> bool {
        self.first && BYTE_ORDER_MARK.get(self.bytes.len()) == Some(&byte)
    }

    /// Finds the ends of records by the same rules as the parser that splits them into cells later.
    fn step_csv(&mut self, byte: u8) -> Step {
        let delimits = self.delimiter.map_or_else(|| may_delimit(byte), |delimiter| byte == delimiter);
        self.at = match (self.at, byte) {
            (CsvState::Quoted(line), b'"') => CsvState::Closing(line),
            (CsvState::Quoted(line), _) => CsvState::Quoted(line),
            (CsvState::Start, b'"') => CsvState::Quoted(self.line),
            (CsvState::Closing(line), b'"') => CsvState::Quoted(line),
            _ if delimits => CsvState::Start,
            (_, b'\n' | b'\r') => return Step::Finish,
            (CsvState::Closing(line) | CsvState::Closed(line), b' ' | b'\t') => CsvState::Closed(line),
            (CsvState::Closing(line) | CsvState::Closed(line), _) => {
                self.stray_quote = self.stray_quote.or(Some((line, self.line)));
                CsvState::Plain
            }
            (CsvState::Start | CsvState::Plain, _) => CsvState::Plain,
        };
        Step::Keep
    }

    fn keep(&mut self, byte: u8) {
        if self.bytes.is_empty() {
            self.started = self.line;
        }
        if self.bytes.len() == self.max {
            self.is_complete = false;
            return;
        }
        self.bytes.push(byte);
        if self.first && self.bytes == BYTE_ORDER_MARK {
            self.bytes.clear();
            self.at = CsvState::Start;
        }
        self.first &= BYTE_ORDER_MARK.starts_with(&self.bytes) && !self.bytes.is_empty();
    }

    fn finish(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let is_complete = std::mem::replace(&mut self.is_complete, true);
        let stray_quote = self.stray_quote.take().map(RawRecord::stray_quote);
        self.at = CsvState::Start;
        let blank = match self.format {
            Format::Csv | Format::Xlsx | Format::Ods => bytes.is_empty(),
            Format::Jsonl => bytes.trim_ascii().is_empty(),
        };
        if blank {
            return;
        }
        let is_header = self.format == Format::Csv && self.delimiter.is_none();
        if is_header {
            let declared = declared_delimiter(&bytes);
            self.delimiter = declared.or_else(|| Some(find_delimiter(&bytes)));
            if declared.is_some() {
                return;
            }
        }
        let fault = if is_complete { stray_quote } else { Some(RawRecord::too_long()) };
        self.ready.push_back(RawRecord { line: self.started, bytes, fault });
    }
}
