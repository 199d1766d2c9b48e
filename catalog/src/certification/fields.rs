//! Fields of a certification as the change log shows them, in the form of the inputs.

use entity::certification;
use sea_orm::{ActiveEnum, ConnectionTrait};
use serde_json::{Value, json};

use crate::changelog::fields::{Difference, money};
use crate::error::Result;
use crate::write::{LinkSet, names};

/// Returns the fields that changed, with their values before and after.
pub(super) async fn changes(
    db: &impl ConnectionTrait,
    before: &certification::Model,
    after: &certification::Model,
    links: &LinkSet,
) -> Result<Value> {
    let mut difference = Difference::default();
    difference.columns(columns(before), columns(after));
    for (table, before, after) in links.changes(after.id) {
        let names = names(db, table.to, before.iter().chain(after).copied()).await?;
        let shown = |ids: &[i64]| ids.iter().filter_map(|id| names.get(id)).collect::<Vec<_>>();
        difference.record(table.field, json!(shown(before)), json!(shown(after)));
    }
    Ok(difference.into())
}

fn columns(row: &certification::Model) -> Vec<(&'static str, Value)> {
    vec![
        ("name", json!(row.name)),
        ("slug", json!(row.slug)),
        ("status", json!(row.status.to_value())),
        ("kind", json!(row.kind.to_value())),
        ("description", json!(row.description)),
        ("examFee", money(row.exam_fee, row.exam_fee_currency.as_deref())),
        ("validForMonths", json!(row.valid_for_months)),
        ("url", json!(row.url)),
    ]
}
