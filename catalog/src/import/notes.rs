//! What an import tells about a feed as a whole: faults that many rows share, and texts that look as if they were meant
//! otherwise.

use serde_json::Value;

use super::RowReport;
use super::html::is_html;
use super::reader::Record;
use crate::course::write::RowResult;
use crate::input::{ValidationError, text};

/// Fields whose texts are searched for HTML.
const TEXT_FIELDS: [&str; 4] = ["title", "summary", "description", "prerequisiteNote"];
/// Number of faults that are counted, so that a feed of any size fits into memory.
const MAX_FAULTS: usize = 100;
/// Number of rows from which on a fault is summed up.
const MANY_ROWS: u64 = 3;

/// Texts of a field that hold HTML.
#[derive(Clone, Debug)]
pub struct HtmlNote {
    /// Name of the field.
    pub field: &'static str,
    /// Number of rows.
    pub rows: u64,
    /// Line of the first of them.
    pub line: u64,
}

impl std::fmt::Display for HtmlNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { field, rows, line } = self;
        write!(
            f,
            "{field}: HTML is taken as text in {rows} rows, from line {line} on; read = \"html\" in a mapping converts it"
        )
    }
}

/// Notes the texts of a batch that hold HTML.
pub(super) fn note_html(notes: &mut Vec<HtmlNote>, batch: &[Record]) {
    for record in batch {
        for field in TEXT_FIELDS {
            let is_noted = record.row.fields.get(field).and_then(Value::as_str).is_some_and(is_html);
            match notes.iter_mut().find(|note| note.field == field) {
                _ if !is_noted => {}
                Some(note) => note.rows += 1,
                None => notes.push(HtmlNote { field, rows: 1, line: record.line }),
            }
        }
    }
}

/// A fault that several rows share.
#[derive(Clone, Debug)]
pub struct FaultCount {
    path: String,
    code: String,
    rule: String,
    rows: u64,
    lines: Vec<u64>,
    last_line: u64,
}

impl std::fmt::Display for FaultCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, code, rule, rows, lines, last_line: _ } = self;
        let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
        write!(f, "{rows} rows, first in lines {}: {path}: {code}: {rule}", lines.join(", "))
    }
}

/// Faults of a feed by field and kind.
#[derive(Debug, Default)]
pub struct Faults(Vec<FaultCount>);

impl Faults {
    /// Counts the faults of rejected rows.
    pub fn count(&mut self, rows: &[RowReport]) {
        for row in rows {
            if let RowResult::Rejected(errors) = &row.outcome {
                errors.iter().for_each(|error| self.add(row.line, error));
            }
        }
    }

    fn add(&mut self, line: u64, error: &ValidationError) {
        let is_name = |step: &&String| step.parse::<usize>().is_err();
        let path = error.path.iter().filter(is_name).map(String::as_str).collect::<Vec<_>>().join(".");
        let code = error.code.to_string();
        if let Some(fault) = self.0.iter_mut().find(|fault| fault.path == path && fault.code == code) {
            // A row with the same fault in several items counts once.
            if fault.last_line != line {
                fault.rows += 1;
                fault.lines.extend(Some(line).filter(|_| fault.rows <= MANY_ROWS));
            }
            fault.last_line = line;
        } else if self.0.len() < MAX_FAULTS {
            let rule = text::truncate(&error.rule, 300);
            self.0.push(FaultCount { path, code, rule, rows: 1, lines: vec![line], last_line: line });
        }
    }

    /// Faults that many rows share.
    pub fn shared(&self) -> impl Iterator<Item = &FaultCount> {
        self.0.iter().filter(|fault| fault.rows >= MANY_ROWS)
    }
}
