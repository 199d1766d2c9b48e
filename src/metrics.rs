//! What the process counts of itself, for `GET /metrics`.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::database::Database;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Status {
    status: u16,
}

/// The upper ends of the buckets, in seconds: from an answer out of the cache to the limit of a request.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// The counts of one application.
#[derive(Debug)]
pub struct Metrics {
    in_flight: Gauge,
    statements: Counter,
    writes: Counter,
    requests: Family<Status, Counter>,
    durations: Histogram,
}

impl Metrics {
    /// Nothing counted yet, but for the statements that the database counts.
    pub fn new(database: &Database) -> Self {
        Self {
            in_flight: Gauge::default(),
            statements: database.statements.clone(),
            writes: database.writes.clone(),
            requests: Family::default(),
            durations: Histogram::new(SECONDS),
        }
    }

    /// Counts a request as being answered, for as long as what this gives is kept: also where its peer goes away.
    pub fn in_flight(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts an answer.
    pub fn answered(&self, status: u16, took: Duration) {
        self.requests.get_or_create(&Status { status }).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// All metrics in the text form of OpenMetrics.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("lectern");
        registry.register("read_statements", "SQL statements that requests have caused", self.statements.clone());
        registry.register("write_statements", "SQL statements sent to the primary to write", self.writes.clone());
        registry.register("requests", "HTTP requests answered, by status", self.requests.clone());
        registry.register("requests_in_flight", "HTTP requests that are being answered", self.in_flight.clone());
        registry.register("request_seconds", "Time from a request's head to its answer", self.durations.clone());
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
