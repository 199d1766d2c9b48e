//! Texts of a feed that look as if they were meant otherwise.

use serde_json::Value;

use super::html::is_html;
use super::reader::Record;

/// Fields whose texts are searched for HTML.
const TEXT_FIELDS: [&str; 4] = ["title", "summary", "description", "prerequisiteNote"];

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
