//! Field-by-field differences for the log. Each value has the form in which inputs give it. Does not belong here: the
//! fields of a particular kind of listing.

use entity::members;
use sea_orm::{ActiveEnum, Iterable};
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

    /// Records the changed columns of a row. Both lists have the same order.
    pub fn columns(&mut self, before: Vec<(&'static str, Value)>, after: Vec<(&'static str, Value)>) {
        for ((field, before), (_, after)) in before.into_iter().zip(after) {
            self.record(field, before, after);
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

/// Values of a set that is stored as a bit mask.
pub fn set<T: Iterable + ActiveEnum<Value = String>>(mask: i32) -> Value {
    members::<T>(mask).iter().map(ActiveEnum::to_value).collect::<Vec<_>>().into()
}

/// Amount of money from its two columns.
pub fn money(minor: Option<i64>, currency: Option<&str>) -> Value {
    let Some(money) = Money::stored(minor, currency) else { return Value::Null };
    json!({ "amount": money.amount().to_string(), "currency": money.currency.code() })
}

/// Location from its five columns.
pub fn location(
    city: Option<&str>,
    region: Option<&str>,
    country: Option<&str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
) -> Value {
    object([
        ("city", json!(city)),
        ("region", json!(region)),
        ("country", json!(country)),
        ("latitude", json!(latitude)),
        ("longitude", json!(longitude)),
    ])
}
