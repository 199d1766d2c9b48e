//! Response lines of a feed, each a JSON object.

use catalog::course::write::RowResult;
use catalog::error::AppError;
use catalog::import::{RowReport, Totals};
use catalog::input::ValidationError;
use serde_json::{Value, json};

use crate::graphql::ids::{NodeKind, global_id};

/// One line per row, or per rejected row. A new record has no ID in a dry run.
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
    json!({ "line": row.line, "externalKey": row.key, "outcome": outcome, "id": id, "errors": to_json(errors) })
}

/// Last line: the totals.
pub(super) fn totals(totals: &Totals, dry_run: bool) -> String {
    let mut line = json!({
        "done": !totals.broken,
        "dryRun": dry_run,
        "created": totals.created,
        "updated": totals.updated,
        "unchanged": totals.unchanged,
        "rejected": totals.refused,
        "retired": totals.retired,
        "position": totals.position,
        "errors": to_json(totals.retire_error.as_slice()),
    });
    if !totals.html.is_empty() {
        line["warnings"] = totals.html.iter().map(ToString::to_string).collect();
    }
    format!("{line}\n")
}

/// Last line of an import that could not begin or continue.
pub(super) fn broken_off(error: &AppError) -> String {
    let error = json!({ "code": error.code().name(), "message": error.message(), "path": [] });
    format!("{}\n", json!({ "done": false, "errors": [error] }))
}

fn to_json(errors: &[ValidationError]) -> Value {
    let error =
        |error: &ValidationError| json!({ "code": error.code.to_string(), "message": error.rule, "path": error.path });
    errors.iter().map(error).collect()
}
