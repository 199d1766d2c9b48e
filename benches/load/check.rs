//! Whether Lectern and the yardstick answer the same: only then do their figures say anything of each other.

use crate::client::{Connection, get, post};
use crate::scenario::Scenario;

/// How many of a page's variants are compared.
const MOST: usize = 500;

/// Compares `data` byte by byte for many variants of a page and gives how many were compared and the bytes of a usual
/// answer. Lectern's answer goes on after `data` with its extensions, the yardstick's ends there.
pub async fn equal(scenario: &Scenario, lectern: &str, yardstick: &str) -> (usize, usize) {
    let mut lectern = Connection::open(lectern).await.unwrap();
    let mut yardstick = Connection::open(yardstick).await.unwrap();
    let step = scenario.variants.len().div_ceil(MOST);
    let variants: Vec<_> = scenario.variants.iter().step_by(step).collect();
    let mut bytes = 0;
    for variant in &variants {
        let (_, ours) = lectern.ask(&post("/graphql", &scenario.body(variant))).await.unwrap();
        let (_, by_hand) = yardstick.ask(&get(&variant.path)).await.unwrap();
        let data = by_hand.strip_suffix(b"}").unwrap_or(by_hand);
        let rest = ours.strip_prefix(data);
        let same = rest.is_some_and(|rest| matches!(rest.first(), Some(b',' | b'}'))) && !data.is_empty();
        assert!(same, "{}\nLectern:   {}\nyardstick: {}", variant.path, text(ours), text(by_hand));
        bytes += by_hand.len();
    }
    (variants.len(), bytes / variants.len())
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
