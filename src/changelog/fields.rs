//! What the log says of a change field by field: each in the form in which it comes in, before and after. What must not
//! go in: the fields of one kind of listing.

use entity::members;
use sea_orm::{ActiveEnum, Iterable};
use serde_json::{Map, Value, json};

use crate::values::Money;

/// The fields of a listing that have changed.
#[derive(Debug, Default)]
pub struct Difference(Vec<Value>);

impl Difference {
    /// Notes a field, unless it is as it was.
    pub fn note(&mut self, field: &str, before: Value, after: Value) {
        if before != after {
            self.0.push(json!({ "field": field, "before": before, "after": after }));
        }
    }

    /// Notes the columns of a row, given twice in the same order.
    pub fn columns(&mut self, before: Vec<(&'static str, Value)>, after: Vec<(&'static str, Value)>) {
        for ((field, before), (_, after)) in before.into_iter().zip(after) {
            self.note(field, before, after);
        }
    }
}

impl From<Difference> for Value {
    fn from(difference: Difference) -> Self {
        difference.0.into()
    }
}

/// An object of the fields that are stated; null where none is.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let stated: Map<String, Value> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    if stated.is_empty() { Value::Null } else { stated.into() }
}

/// A list of what each row shows.
pub fn each<T>(rows: &[T], show: impl Fn(&T) -> Value) -> Value {
    rows.iter().map(show).collect::<Vec<_>>().into()
}

/// The members of a stored set.
pub fn set<T: Iterable + ActiveEnum<Value = String>>(mask: i32) -> Value {
    members::<T>(mask).iter().map(ActiveEnum::to_value).collect::<Vec<_>>().into()
}

/// What two columns say of an amount.
pub fn money(minor: Option<i64>, currency: Option<&str>) -> Value {
    let Some(money) = Money::stored(minor, currency) else { return Value::Null };
    json!({ "amount": money.amount().to_string(), "currency": money.currency.code() })
}

/// What five columns say of a place: city, region, country, latitude, longitude.
pub fn place(
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
