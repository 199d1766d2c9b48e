//! What the process counts of itself, for `GET /metrics`.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// SQL statements that requests have caused on the read connections.
pub static STATEMENTS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Requests that are being answered.
pub static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(Gauge::default);

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Status {
    status: u16,
}

static REQUESTS: LazyLock<Family<Status, Counter>> = LazyLock::new(Family::default);

/// The upper ends of the buckets, in seconds: from an answer out of the cache to the limit of a request.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

static DURATIONS: LazyLock<Histogram> = LazyLock::new(|| Histogram::new(SECONDS));

/// Counts an answer.
pub fn answered(status: u16, took: Duration) {
    REQUESTS.get_or_create(&Status { status }).inc();
    DURATIONS.observe(took.as_secs_f64());
}

/// All metrics in the text form of OpenMetrics.
pub fn text() -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("lectern");
    registry.register("read_statements", "SQL statements that requests have caused", STATEMENTS.clone());
    registry.register("requests", "HTTP requests answered, by status", REQUESTS.clone());
    registry.register("requests_in_flight", "HTTP requests that are being answered", IN_FLIGHT.clone());
    registry.register("request_seconds", "Time from a request's head to its answer", DURATIONS.clone());
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}
