//! Checks that Lectern and the yardstick give the same answers, without which their figures are not comparable.

use serde_json::Value;

use crate::client::{Connection, get, post};
use crate::scenario::Scenario;

/// Maximum number of variants of a page to compare.
const MAX_REQUESTS: usize = 500;

/// Compares the responses to many variants of a page. Returns the number compared and the bytes of a typical response.
pub async fn compare(scenario: &Scenario, lectern: &str, yardstick: &str) -> (usize, usize) {
    let mut lectern = Connection::open(lectern).await.unwrap();
    let mut yardstick = Connection::open(yardstick).await.unwrap();
    let step = scenario.variants.len().div_ceil(MAX_REQUESTS);
    let variants: Vec<_> = scenario.variants.iter().step_by(step).collect();
    let mut bytes = 0;
    for variant in &variants {
        let (_, ours) = lectern.ask(&post("/graphql", &scenario.body(variant))).await.unwrap();
        let (_, by_hand) = yardstick.ask(&get(&variant.path)).await.unwrap();
        let same = if scenario.same_bytes { same_bytes(ours, by_hand) } else { same_shape(ours, by_hand) };
        assert!(same, "{}\nLectern:   {}\nyardstick: {}", variant.path, text(ours), text(by_hand));
        bytes += by_hand.len();
    }
    (variants.len(), bytes / variants.len())
}

/// Lectern's response continues after `data` with its extensions; the yardstick's ends there.
fn same_bytes(ours: &[u8], by_hand: &[u8]) -> bool {
    let Some(data) = by_hand.strip_suffix(b"}") else { return false };
    ours.strip_prefix(data).is_some_and(|rest| matches!(rest.first(), Some(b',' | b'}')))
}

/// Two engines rank differently, so their responses need only have the same keys and non-empty lists.
fn same_shape(ours: &[u8], by_hand: &[u8]) -> bool {
    let [ours, by_hand] = [ours, by_hand].map(|answer| serde_json::from_slice::<Value>(answer).unwrap_or_default());
    alike(&ours["data"], &by_hand["data"]) && !ours["data"].is_null()
}

fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.keys().eq(other.keys()) && one.values().zip(other.values()).all(|(one, other)| alike(one, other))
        }
        (Value::Array(one), Value::Array(other)) => one.iter().zip(other).all(|(one, other)| alike(one, other)),
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
            one.is_null() || other.is_null()
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _) => true,
    }
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
