//! The records of a file, one after the other, each with the line on which it starts.

use std::io::{BufRead, BufReader, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::limit::{Limited, Meter};
use super::mapping::{Columns, Mapping};
use crate::course::write::Row;
use crate::error::{AppError, Result};
use crate::form::{Fault, FaultCode};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// What it says.
    pub row: Row,
}

/// Reads records from a file.
pub struct Reader {
    meter: Meter,
    lines: Lines,
    ended: bool,
}

enum Lines {
    Csv { reader: Box<csv::Reader<Limited<Box<dyn Read>>>>, columns: Columns },
    Json { reader: Box<BufReader<Limited<Box<dyn Read>>>>, line: u64 },
}

impl Reader {
    /// Opens a file of this form. Its header has to fit the mapping; without one its columns are our own fields.
    pub fn open(file: Box<dyn Read>, format: Format, mapping: Option<Mapping>) -> Result<Self> {
        let meter = Meter::default();
        let file = Limited::new(file, meter.clone());
        let lines = match (format, mapping) {
            (Format::Csv, mapping) => Lines::csv(file, mapping)?,
            (Format::Jsonl, None) => Lines::Json { reader: Box::new(BufReader::new(file)), line: 0 },
            (Format::Jsonl, Some(_)) => return Err(AppError::input("--mapping", "is for CSV only")),
        };
        Ok(Self { meter, lines, ended: false })
    }

    /// The bytes read so far.
    pub fn position(&self) -> u64 {
        self.meter.position()
    }

    /// The mapping, where the columns are not our own fields.
    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match &self.lines {
            Lines::Csv { columns, .. } => columns.mapping(),
            Lines::Json { .. } => None,
        }
    }

    /// The next records, this many at most.
    pub(super) fn take(&mut self, most: usize) -> impl Iterator<Item = Record> {
        std::iter::from_fn(|| self.next()).take(most)
    }

    /// A file that cannot be read any further ends with a record that says so: what came before it stays written.
    fn next(&mut self) -> Option<Record> {
        if self.ended {
            return None;
        }
        self.meter.record();
        let record = match &mut self.lines {
            Lines::Csv { reader, columns } => next_csv(reader, columns),
            Lines::Json { reader, line } => next_json(reader, line),
        };
        record.unwrap_or_else(|end| {
            self.ended = true;
            Some(Record { line: end.line, row: faulty("file", &format!("cannot be read from here on: {}", end.cause)) })
        })
    }
}

impl Lines {
    fn csv(file: Limited<Box<dyn Read>>, mapping: Option<Mapping>) -> Result<Self> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
        let header = reader.byte_headers().map_err(|error| AppError::input("line 1", error.to_string()))?;
        let header: Option<Vec<String>> =
            header.iter().map(|name| std::str::from_utf8(name).ok().map(|name| name.trim().to_owned())).collect();
        let header = header.ok_or_else(|| AppError::input("line 1", "the header is not UTF-8"))?;
        let columns = Columns::new(header, mapping)?;
        Ok(Lines::Csv { reader: Box::new(reader), columns })
    }
}

/// Where and why a file cannot be read any further.
struct End {
    line: u64,
    cause: String,
}

fn next_csv(reader: &mut csv::Reader<impl Read>, columns: &Columns) -> Result<Option<Record>, End> {
    let line = reader.position().line();
    let mut record = ByteRecord::new();
    let more = reader.read_byte_record(&mut record).map_err(|error| End { line, cause: error.to_string() })?;
    if !more {
        return Ok(None);
    }
    let line = record.position().map_or(0, csv::Position::line);
    let cells: Option<Vec<&str>> = record.iter().map(|cell| std::str::from_utf8(cell).ok()).collect();
    let row = match cells {
        Some(cells) => columns.row(&cells),
        None => faulty("record", "is not UTF-8"),
    };
    Ok(Some(Record { line, row }))
}

fn next_json(reader: &mut impl BufRead, line: &mut u64) -> Result<Option<Record>, End> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        *line += 1;
        let count = reader.read_until(b'\n', &mut bytes);
        if count.map_err(|error| End { line: *line, cause: error.to_string() })? == 0 {
            return Ok(None);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| *line == 1).unwrap_or(&bytes).trim_ascii();
        if text.is_empty() {
            continue;
        }
        let row = match serde_json::from_slice(text) {
            Ok(fields) => Row { fields, faults: Vec::new() },
            Err(error) => faulty("record", &format!("is not a JSON object: {error}")),
        };
        return Ok(Some(Record { line: *line, row }));
    }
}

fn faulty(field: &str, rule: &str) -> Row {
    Row { faults: vec![Fault::of(field, FaultCode::Invalid, rule)], ..Row::default() }
}
