//! Splits a feed into records while it arrives in pieces: nobody has to wait for its end, and only the current record
//! is kept in memory. Does not belong here: the content of a record.
//!
//! A parser that pulls its input would need a thread for every feed from the network, and does not report a quote that
//! is never closed.

use std::collections::VecDeque;

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

/// Splitter for a feed.
pub(super) struct Splitter {
    format: Format,
    max: usize,
    at: CsvState,
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
    pub(super) fn new(format: Format, max: usize) -> Self {
        let (bytes, ready) = (Vec::new(), VecDeque::new());
        Self { format, max, at: CsvState::Start, line: 1, started: 1, bytes, is_complete: true, first: true, ready }
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends = match self.format {
                Format::Csv => self.step(*byte),
                Format::Jsonl => *byte == b'\n',
            };
            if ends {
                self.finish();
            } else {
                self.keep(*byte);
            }
            self.line += u64::from(*byte == b'\n');
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
        self.finish();
        Ok(())
    }

    /// Whether a byte ends the record, by the same rules as the parser that splits the record into cells later.
    fn step(&mut self, byte: u8) -> bool {
        self.at = match (self.at, byte) {
            (CsvState::Quoted(line), b'"') => CsvState::Closing(line),
            (CsvState::Quoted(line), _) => CsvState::Quoted(line),
            (CsvState::Start, b'"') => CsvState::Quoted(self.line),
            (CsvState::Closing(line), b'"') => CsvState::Quoted(line),
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), b',') => CsvState::Start,
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), b'\n' | b'\r') => return true,
            (CsvState::Start | CsvState::Plain | CsvState::Closing(_), _) => CsvState::Plain,
        };
        false
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
        if !blank {
            self.ready.push_back(RawRecord { line: self.started, bytes, is_complete });
        }
    }
}
