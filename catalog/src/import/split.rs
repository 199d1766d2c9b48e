//! Splits a feed into records while it arrives in pieces: nobody has to wait for its end, and only the current record
//! is kept in memory. Does not belong here: the content of a record.
//!
//! A parser that pulls its input would need a thread for every feed from the network, and does not report a quote that
//! is never closed.

use std::collections::VecDeque;

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
    /// Whether the record is complete. Bytes over the limit are dropped.
    pub is_complete: bool,
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
}

/// What happens to a byte.
enum Step {
    Keep,
    Drop,
    /// It ends the record, and is no part of it.
    Finish,
}

/// Position of the next byte in JSON.
#[derive(Clone, Copy)]
enum JsonState {
    /// Before the first value, which tells whether the feed is one array.
    Start,
    /// In objects on lines of their own.
    Lines,
    /// In an array, inside this many brackets.
    Array(u32),
    /// In a string in an array, inside this many brackets.
    Text(u32),
    /// After a backslash in a string.
    Escape(u32),
    /// After the array.
    End,
}

/// Splitter for a feed.
pub(super) struct Splitter {
    format: Format,
    max: usize,
    at: CsvState,
    json: JsonState,
    /// Line on which the array of JSON begins.
    array_line: u64,
    /// Delimiter of CSV. `None` until the header is complete.
    delimiter: Option<u8>,
    /// Number of lines that are still skipped.
    skip: u32,
    /// Why the feed cannot be read any further.
    failure: Option<(u64, ValidationError)>,
    /// Current line.
    pub line: u64,
    started: u64,
    bytes: Vec<u8>,
    is_complete: bool,
    /// Whether a byte order mark may still follow.
    first: bool,
    ready: VecDeque<RawRecord>,
}

impl Splitter {
    /// Creates a splitter for this format, with a limit on the bytes of a record.
    pub(super) fn new(format: Format, layout: &Layout, max: usize) -> Self {
        Self {
            format,
            max,
            at: CsvState::Start,
            json: JsonState::Start,
            array_line: 1,
            delimiter: layout.delimiter,
            skip: if format == Format::Csv { layout.skip_lines } else { 0 },
            failure: None,
            line: 1,
            started: 1,
            bytes: Vec::new(),
            is_complete: true,
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
        for byte in bytes {
            if self.skip > 0 {
                self.skip -= u32::from(*byte == b'\n');
            } else {
                self.add(*byte);
            }
            self.line += u64::from(*byte == b'\n');
        }
    }

    fn add(&mut self, byte: u8) {
        let step = match self.format {
            Format::Csv => self.step_csv(byte),
            Format::Jsonl => self.step_json(byte),
        };
        match step {
            Step::Keep => self.keep(byte),
            Step::Drop => {}
            Step::Finish => self.finish(),
        }
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
        if let JsonState::Array(_) | JsonState::Text(_) | JsonState::Escape(_) = self.json {
            let rule = format!("the array that begins in line {} is never closed", self.array_line);
            return Err((self.line, ValidationError::of("file", ValidationCode::Invalid, rule)));
        }
        self.finish();
        self.failure.take().map_or(Ok(()), Err)
    }

    /// A whole feed that is an array has its items as records; any other has one record per line.
    fn step_json(&mut self, byte: u8) -> Step {
        let (next, step) = match (self.json, byte) {
            (JsonState::Start, b'[') if self.bytes.is_empty() => {
                self.array_line = self.line;
                (JsonState::Array(0), Step::Drop)
            }
            (JsonState::Start, byte) if byte.is_ascii_whitespace() && self.bytes.is_empty() => {
                (JsonState::Start, Step::Drop)
            }
            (JsonState::Start, _) if self.is_mark(byte) => (JsonState::Start, Step::Keep),
            (JsonState::Start | JsonState::Lines, b'\n') => (JsonState::Lines, Step::Finish),
            (JsonState::Start | JsonState::Lines, _) => (JsonState::Lines, Step::Keep),
            (JsonState::Array(0), b',') => (JsonState::Array(0), Step::Finish),
            (JsonState::Array(0), b']') => (JsonState::End, Step::Finish),
            (JsonState::Array(0), byte) if byte.is_ascii_whitespace() && self.bytes.is_empty() => {
                (JsonState::Array(0), Step::Drop)
            }
            (JsonState::Array(depth), b'"') => (JsonState::Text(depth), Step::Keep),
            (JsonState::Array(depth), b'{' | b'[') => (JsonState::Array(depth.saturating_add(1)), Step::Keep),
            (JsonState::Array(depth), b'}' | b']') => (JsonState::Array(depth.saturating_sub(1)), Step::Keep),
            (JsonState::Array(depth), _) => (JsonState::Array(depth), Step::Keep),
            (JsonState::Text(depth), b'"') => (JsonState::Array(depth), Step::Keep),
            (JsonState::Text(depth), b'\\') => (JsonState::Escape(depth), Step::Keep),
            (JsonState::Text(depth) | JsonState::Escape(depth), _) => (JsonState::Text(depth), Step::Keep),
            (JsonState::End, byte) => {
                if !byte.is_ascii_whitespace() && self.failure.is_none() {
                    let error = ValidationError::of("file", ValidationCode::Invalid, "goes on after its array");
                    self.failure = Some((self.line, error));
                }
                (JsonState::End, Step::Drop)
            }
        };
        self.json = next;
        step
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
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), _) if delimits => CsvState::Start,
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), b'\n' | b'\r') => return Step::Finish,
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), _) => CsvState::Plain,
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
        self.at = CsvState::Start;
        let blank = match self.format {
            Format::Csv => bytes.is_empty(),
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
        self.ready.push_back(RawRecord { line: self.started, bytes, is_complete });
    }
}
