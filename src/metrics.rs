//! What the process counts of itself, for `GET /metrics`.

use std::sync::LazyLock;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// SQL statements that requests have caused on the read connections.
pub static STATEMENTS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// All metrics in the text form of OpenMetrics.
pub fn text() -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("lectern");
    registry.register("read_statements", "SQL statements that requests have caused", STATEMENTS.clone());
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}
