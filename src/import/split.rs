//! Splits a feed into records while it arrives in pieces: nobody has to wait for its end, and only the current record
//! is kept in memory. Does not belong here: the content of a record.
//!
//! A parser that pulls its input would need a thread for every feed from the network, and does not report a quote that
//! is never closed.

use std::collections::VecDeque;

use super::reader::Format;
use crate::input::{ValidationCode, ValidationError};

/// Byte order mark that some programs put before UTF-8 text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Raw record.
pub(super) struct Piece {
    /// Line on which the record starts, counted from 1.
    pub line: u64,
    /// Bytes of the record, without the end of its last line.
    pub bytes: Vec<u8>,
    /// Whether the record is complete. Bytes over the limit are dropped.
    pub whole: bool,
}

/// Position of the next byte in a CSV record.
#[derive(Clone, Copy)]
enum At {
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
    most: usize,
    at: At,
    line: u64,
    started: u64,
    bytes: Vec<u8>,
    whole: bool,
    /// Whether a byte order mark may still follow.
    first: bool,
    ready: VecDeque<Piece>,
}

impl Splitter {
    /// Creates a splitter for this format, with a limit on the bytes of a record.
    pub(super) fn new(format: Format, most: usize) -> Self {
        let (bytes, ready) = (Vec::new(), VecDeque::new());
        Self { format, most, at: At::Start, line: 1, started: 1, bytes, whole: true, first: true, ready }
    }

    /// Adds bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.take(*byte));
    }

    /// Returns the next complete record.
    pub(super) fn next(&mut self) -> Option<Piece> {
        self.ready.pop_front()
    }

    /// Ends the feed. Fails if a record is left open.
    pub(super) fn end(&mut self) -> Result<(), (u64, ValidationError)> {
        if let (Format::Csv, At::Quoted(line)) = (self.format, self.at) {
            let rule = format!("a quote that is opened in line {line} is never closed");
            return Err((self.started, ValidationError::of("file", ValidationCode::Invalid, rule)));
        }
        self.finish();
        Ok(())
    }

    /// Current line.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    fn take(&mut self, byte: u8) {
        let ends = match self.format {
            Format::Csv => self.step(byte),
            Format::Jsonl => byte == b'\n',
        };
        if ends {
            self.finish();
        } else {
            self.keep(byte);
        }
        self.line += u64::from(byte == b'\n');
    }

    /// Whether a byte ends the record, by the same rules as the parser that splits the record into cells later.
    fn step(&mut self, byte: u8) -> bool {
        self.at = match (self.at, byte) {
            (At::Quoted(line), b'"') => At::Closing(line),
            (At::Quoted(line), _) => At::Quoted(line),
            (At::Start, b'"') => At::Quoted(self.line),
            (At::Closing(line), b'"') => At::Quoted(line),
            (At::Start | At::Plain | At::Closing(_), b',') => At::Start,
            (At::Start | At::Plain | At::Closing(_), b'\n' | b'\r') => return true,
            (At::Start | At::Plain | At::Closing(_), _) => At::Plain,
        };
        false
    }

    fn keep(&mut self, byte: u8) {
        if self.bytes.is_empty() {
            self.started = self.line;
        }
        if self.bytes.len() == self.most {
            self.whole = false;
            return;
        }
        self.bytes.push(byte);
        if self.first && self.bytes == MARK {
            self.bytes.clear();
            self.at = At::Start;
        }
        self.first &= MARK.starts_with(&self.bytes) && !self.bytes.is_empty();
    }

    fn finish(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let whole = std::mem::replace(&mut self.whole, true);
        self.at = At::Start;
        let blank = match self.format {
            Format::Csv => bytes.is_empty(),
            Format::Jsonl => bytes.trim_ascii().is_empty(),
        };
        if !blank {
            self.ready.push_back(Piece { line: self.started, bytes, whole });
        }
    }
}
