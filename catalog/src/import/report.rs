//! Report of an import: what became of the rows, the faults by kind, and for a dry run what would change. It is bounded,
//! however many rows a feed has. The command line prints it in words, and both the command line and HTTP as JSON.

mod changes;
mod fault;
mod remedy;

use serde_json::{Value, json};

pub use self::changes::{Changes, FieldChange};
pub use self::fault::{Fault, FaultKind, Faults};
use super::RowReport;
use super::notes::HtmlNote;
use crate::course::write::RowResult;
use crate::error::AppError;
use crate::input::ValidationError;

/// Report of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Number of courses created.
    pub created: u64,
    /// Number of courses updated.
    pub updated: u64,
    /// Number of rows that changed nothing.
    pub unchanged: u64,
    /// Number of rows rejected.
    pub refused: u64,
    /// Number of courses retired because the feed no longer contains them.
    pub retired: u64,
    /// Why nothing was retired although it was requested.
    pub retire_error: Option<ValidationError>,
    /// Whether the feed broke off before its end.
    pub broken: bool,
    /// Faults of the rejected rows.
    pub faults: Faults,
    /// What a dry run would change.
    pub changes: Changes,
    /// Fields whose texts hold HTML and are taken as they stand, each with the number of rows and the first line.
    pub html: Vec<HtmlNote>,
    /// Position in the log of the last change, or the head of the log if nothing changed.
    pub position: Option<i64>,
}

impl ImportReport {
    /// Total number of rows.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.refused
    }

    /// Adds rows, and marks faults that are known from many rows before.
    pub(super) fn add(&mut self, rows: &mut [RowReport]) {
        for row in rows {
            match &row.outcome {
                RowResult::Created(_) => self.created += 1,
                RowResult::Updated(_) => self.updated += 1,
                RowResult::Unchanged(_) => self.unchanged += 1,
                RowResult::Rejected(_) => self.refused += 1,
            }
            self.faults.add(row.line, &mut row.faults);
            self.changes.add(row.key.as_deref().unwrap_or_default(), &row.changes);
        }
    }

    /// The report in words, one line for each kind of fault and for each change of a dry run. The counts are not in it.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let html = self.html.iter().map(ToString::to_string);
        self.faults.lines().chain(self.changes.lines()).chain(html)
    }

    /// The counts, which are the last line of an answer that lists the rows.
    pub fn totals(&self) -> Value {
        let mut totals = json!({
            "done": !self.broken,
            "dryRun": self.dry_run,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.refused,
            "retired": self.retired,
            "position": self.position,
            "errors": errors_to_json(self.retire_error.as_slice()),
        });
        if !self.html.is_empty() {
            totals["warnings"] = self.html.iter().map(ToString::to_string).collect();
        }
        totals
    }

    /// The whole report: the counts, the faults by kind, and for a dry run what would change.
    pub fn to_json(&self) -> Value {
        let mut report = self.totals();
        report["faults"] = self.faults.to_json();
        report["moreFaults"] = self.faults.uncounted().into();
        if self.dry_run {
            report["changes"] = self.changes.to_json();
        }
        report
    }
}

/// Report of an import that could not begin or continue.
pub fn broken_off(error: &AppError) -> Value {
    let error = json!({ "code": error.code().name(), "message": error.message(), "path": [] });
    json!({ "done": false, "errors": [error] })
}

/// Validation errors, each with code, message and path.
pub fn errors_to_json(errors: &[ValidationError]) -> Value {
    let error =
        |error: &ValidationError| json!({ "code": error.code.to_string(), "message": error.rule, "path": error.path });
    errors.iter().map(error).collect()
}
