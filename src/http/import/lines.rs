//! Response lines of a feed, each a JSON object.

use catalog::course::write::RowResult;
use catalog::import::{FieldChange, RowReport, errors_to_json};
use serde_json::{Value, json};

use crate::graphql::ids::{NodeKind, global_id};

/// One line per row, or per rejected row. A new record has no ID in a dry run, and a changed one has its changes.
pub(super) fn rows(kind: NodeKind, rows: &[RowReport], refused_only: bool, dry_run: bool) -> String {
    let told = |row: &&RowReport| !refused_only || matches!(row.outcome, RowResult::Rejected(_));
    rows.iter().filter(told).map(|row| format!("{}\n", line(kind, row, dry_run))).collect()
}

fn line(kind: NodeKind, row: &RowReport, dry_run: bool) -> Value {
    let (outcome, id, errors) = match &row.outcome {
        RowResult::Created(id) => ("CREATED", Some(id).filter(|_| !dry_run), &[][..]),
        RowResult::Updated(id) => ("UPDATED", Some(id), &[][..]),
        RowResult::Unchanged(id) => ("UNCHANGED", Some(id), &[][..]),
        RowResult::Rejected(errors) => ("REJECTED", None, errors.as_slice()),
    };
    let id = id.map(|id| global_id(kind, *id).0);
    let errors = errors_to_json(errors);
    let mut line = json!({ "line": row.line, "externalKey": row.key, "outcome": outcome, "id": id, "errors": errors });
    if !row.changes.is_empty() {
        line["changes"] = row.changes.iter().map(FieldChange::to_json).collect();
    }
    line
}
