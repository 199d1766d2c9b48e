//! Field-by-field differences for the log. Each value has the form in which inputs give it. Does not belong here: the
//! fields of a particular kind of listing.

use serde_json::{Map, Value, json};

use crate::values::Money;

/// Changed fields of a listing.
#[derive(Debug, Default)]
pub struct Difference(Vec<Value>);

impl Difference {
    /// Records a field if it changed.
    pub fn record(&mut self, field: &str, before: Value, after: Value) {
        if before != after {
            self.0.push(json!({ "field": field, "before": before, "after": after }));
        }
    }
}

impl From<Difference> for Value {
    fn from(difference: Difference) -> Self {
        difference.0.into()
    }
}

/// Object with the fields that are stated; null if none is.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let stated: Map<String, Value> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    if stated.is_empty() { Value::Null } else { stated.into() }
}

/// List of the JSON representation of each row.
pub fn each<T>(rows: &[T], show: impl Fn(&T) -> Value) -> Value {
    rows.iter().map(show).collect::<Vec<_>>().into()
}

/// Amount of money from its two columns.
pub fn money(minor: Option<i64>, currency: Option<&str>) -> Value {
    let Some(money) = Money::stored(minor, currency) else { return Value::Null };
    json!({ "amount": money.amount().to_string(), "currency": money.currency.code() })
}
