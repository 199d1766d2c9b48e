//! Rows of a sheet, and how they become records of CSV.

use tokio::sync::mpsc;

use super::{RawRecord, SheetError, SheetEvent};
use crate::input::{ValidationCode, ValidationError};

/// Maximum number of columns. A sheet may claim many more, of which each row would have as many cells.
const MAX_COLUMNS: usize = 1_024;
/// Maximum number of rows, that of a sheet of .xlsx.
const MAX_ROWS: u64 = 1_048_576;

/// How cells become texts.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct CellOptions {
    /// Sign before decimals.
    pub decimal: char,
    /// Whether the currency of a format is a part of the text. Lectern's own columns have it beside the amount.
    pub keep_currency: bool,
    /// Maximum bytes of a row.
    pub max_record: usize,
}

/// Row of a sheet.
pub(super) struct Row {
    /// Number of the row, counted from 1.
    pub line: u64,
    cells: Vec<String>,
    bytes: usize,
    fault: Option<String>,
}

impl Row {
    pub(super) fn new(line: u64) -> Self {
        Self { line, cells: Vec::new(), bytes: 0, fault: None }
    }

    /// Sets a cell to a text, or to the rule by which it cannot be read.
    pub(super) fn set(&mut self, column: usize, cell: Result<String, String>) -> Result<(), SheetError> {
        if cell.as_ref().is_ok_and(|text| text.trim().is_empty()) {
            return Ok(());
        }
        let name = column_name(column);
        if column >= MAX_COLUMNS {
            let rule = format!("has a cell in column {name}; at most {MAX_COLUMNS} columns are read");
            return Err(SheetError::File(rule));
        }
        match cell {
            Ok(text) => {
                self.bytes += text.len();
                if self.cells.len() <= column {
                    self.cells.resize(column + 1, String::new());
                }
                if let Some(cell) = self.cells.get_mut(column) {
                    *cell = text;
                }
            }
            Err(rule) => _ = self.fault.get_or_insert_with(|| format!("cell {name}{} {rule}", self.line)),
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.fault.is_none()
    }
}

/// Name of a column in a spreadsheet: A, B, …, Z, AA.
fn column_name(column: usize) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Position of the column of a cell, e.g. 27 for AB5. `None` if it has no letters, or too many.
pub(super) fn column_of(cell: &str) -> Option<usize> {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let mut number = 0_usize;
    for letter in letters {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        number = number.checked_mul(26)?.checked_add(digit).filter(|number| *number < 1_000_000_000)?;
    }
    number.checked_sub(1)
}

/// Sends rows as records of CSV.
pub(super) struct RowWriter {
    rows: mpsc::Sender<SheetEvent>,
    skip_rows: u64,
    max_record: usize,
    /// Number of columns of the header. Rows are as wide, since empty cells at their end are not in the file.
    width: usize,
    /// Number of the last row.
    pub line: u64,
}

impl RowWriter {
    pub(super) fn new(rows: mpsc::Sender<SheetEvent>, skip_rows: u32, max_record: usize) -> Self {
        Self { rows, skip_rows: skip_rows.into(), max_record, width: 0, line: 1 }
    }

    /// Sends a row, unless it is empty or before the header. Fails if nobody takes it.
    pub(super) fn write(&mut self, row: &Row) -> Result<(), SheetError> {
        self.line = row.line;
        if row.line > MAX_ROWS {
            return Err(SheetError::File(format!("has more than {MAX_ROWS} rows: send it as CSV")));
        }
        if row.is_empty() || row.line <= self.skip_rows {
            return Ok(());
        }
        if self.width == 0 {
            self.width = row.cells.len();
        }
        let fault = match &row.fault {
            Some(rule) => Some(ValidationError::of("record", ValidationCode::Invalid, rule)),
            None => (row.bytes > self.max_record).then(RawRecord::too_long),
        };
        let bytes = if fault.is_none() { self.record(row) } else { Vec::new() };
        let record = RawRecord { line: row.line, bytes, fault };
        self.rows.blocking_send(SheetEvent::Row(record)).map_err(|_| SheetError::Closed)
    }

    fn record(&self, row: &Row) -> Vec<u8> {
        let empty = std::iter::repeat_n("", self.width.saturating_sub(row.cells.len()));
        let cells = row.cells.iter().map(String::as_str).chain(empty);
        let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",").into_bytes()
    }
}
