//! Fields of a provider as the change log shows them, in the form of the inputs.

use entity::{Format, Schedule, provider};
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use super::Details;
use crate::changelog::fields::{Difference, object, set};

/// Returns the fields that changed, with their values before and after.
pub(super) fn changes(before: &provider::Model, after: &provider::Model, details: &Details) -> Difference {
    let mut difference = Difference::default();
    difference.columns(columns(before), columns(after));
    details.note(after.id, &mut difference);
    difference
}

/// Status as the change log shows it.
pub(super) fn status(row: &provider::Model) -> Value {
    json!(row.status.to_value())
}

fn columns(row: &provider::Model) -> Vec<(&'static str, Value)> {
    let policies = object([
        ("certificateOfCompletion", json!(row.certificate_of_completion)),
        ("freeRetakeWithinMonths", json!(row.free_retake_within_months)),
    ]);
    vec![
        ("name", json!(row.name)),
        ("slug", json!(row.slug)),
        ("kind", json!(row.kind.to_value())),
        ("description", json!(row.description)),
        ("url", json!(row.url)),
        ("logo", json!(row.logo)),
        ("note", json!(row.note)),
        ("policies", policies),
        ("formats", set::<Format>(row.formats)),
        ("schedules", set::<Schedule>(row.schedules)),
    ]
}
