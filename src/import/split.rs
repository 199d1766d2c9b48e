//! Where one record of a feed ends and the next begins, found while the feed comes in piece by piece: nobody has to
//! wait for its end, and none of it is kept but the record at hand. What must not go in: what a record says.
//!
//! A reader that pulls its input would need a thread of its own for every feed that comes over the network, and does
//! not tell that a quote was never closed.

use std::collections::VecDeque;

use super::reader::Format;
use crate::form::{Fault, FaultCode};

/// What some programs put before a text in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// One record, still as it came.
pub(super) struct Piece {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Its bytes, without the end of its last line.
    pub bytes: Vec<u8>,
    /// Whether those are all: what is over the limit is left out.
    pub whole: bool,
}

/// Where in a record of CSV the next byte stands.
#[derive(Clone, Copy)]
enum At {
    /// At the beginning of a field, where a quote opens one.
    Start,
    /// In a field without quotes, or behind a closing one.
    Plain,
    /// Between quotes, the first of which stands in this line.
    Quoted(u64),
    /// Behind a quote between quotes: it closes, or another one makes a quote of the two.
    Closing(u64),
}

/// Takes a feed apart.
pub(super) struct Splitter {
    format: Format,
    most: usize,
    at: At,
    line: u64,
    started: u64,
    bytes: Vec<u8>,
    whole: bool,
    /// Whether a mark may still stand here.
    first: bool,
    ready: VecDeque<Piece>,
}

impl Splitter {
    /// For a feed of this form, whose records may have this many bytes.
    pub(super) fn new(format: Format, most: usize) -> Self {
        let (bytes, ready) = (Vec::new(), VecDeque::new());
        Self { format, most, at: At::Start, line: 1, started: 1, bytes, whole: true, first: true, ready }
    }

    /// Takes in what has come.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.take(*byte));
    }

    /// The next record that is complete.
    pub(super) fn next(&mut self) -> Option<Piece> {
        self.ready.pop_front()
    }

    /// Takes in that nothing more will come; fails where that leaves a record open.
    pub(super) fn end(&mut self) -> Result<(), (u64, Fault)> {
        if let (Format::Csv, At::Quoted(line)) = (self.format, self.at) {
            let rule = format!("a quote that is opened in line {line} is never closed");
            return Err((self.started, Fault::of("file", FaultCode::Invalid, rule)));
        }
        self.finish();
        Ok(())
    }

    /// The line that has been got to.
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

    /// Whether a byte of CSV ends the record. The rules are those of the reader that takes the record apart later.
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
