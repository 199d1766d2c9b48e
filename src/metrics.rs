//! Metrics of the process, for `GET /metrics`.

use std::time::Duration;

use catalog::account::Accounts;
use catalog::database::Database;
use catalog::follower::Follower;
use catalog::mail::Outbox;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::telemetry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Status {
    status: u16,
}

/// Upper bounds of the buckets in seconds: from a cached response to the time limit of a request.
const DURATION_BUCKETS_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Metrics of one application.
#[derive(Debug)]
pub struct Metrics {
    /// All metrics: those counted here, and those owned by other components.
    registry: Registry,
    in_flight: Gauge,
    requests: Family<Status, Counter>,
    durations: Histogram,
    cache_hits: Counter,
    cache_misses: Counter,
}

/// Gauges, in contrast to counters.
#[derive(Clone, Copy, Debug)]
pub struct CurrentState {
    /// Log position of the current snapshot; `None` before the process is ready.
    pub served: Option<i64>,
    /// Position of the end of the log; `None` if the database is unavailable.
    pub head: Option<i64>,
}

impl Metrics {
    /// Starts all counts at zero, except those owned by other components.
    pub fn new(database: &Database, follower: &Follower, accounts: &Accounts, outbox: &Outbox) -> Self {
        let (in_flight, requests) = (Gauge::default(), Family::default());
        let durations = Histogram::new(DURATION_BUCKETS_SECONDS);
        let (cache_hits, cache_misses) = (Counter::default(), Counter::default());
        let mut registry = Registry::with_prefix("lectern");
        registry.register("read_statements", "SQL statements that requests have caused", database.statements.clone());
        registry.register(
            "index_statements",
            "SQL statements that reading changes and applying them to the index has taken",
            follower.apply_statements(),
        );
        registry.register("write_statements", "SQL statements sent to the primary to write", database.writes.clone());
        registry.register("requests", "HTTP requests answered, by status", requests.clone());
        registry.register("requests_in_flight", "HTTP requests that are being answered", in_flight.clone());
        registry.register("request_seconds", "Time from a request's head to its answer", durations.clone());
        registry.register("cache_hits", "Anonymous requests answered from the answers kept", cache_hits.clone());
        registry.register("cache_misses", "Anonymous requests whose answer was not kept", cache_misses.clone());
        registry.register(
            "refused_sign_ins",
            "Sign-ins refused, also for too many tries",
            accounts.refused_sign_ins.clone(),
        );
        registry.register("failed_mails", "Letters that could not be sent", outbox.failed.clone());
        registry.register("lost_log_lines", "Log lines that could not be written", telemetry::lost_lines());
        Self { registry, in_flight, requests, durations, cache_hits, cache_misses }
    }

    /// Counts a request as in flight while the returned value is kept, even if its peer disconnects.
    pub fn in_flight(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Whether no request is in flight.
    pub fn is_idle(&self) -> bool {
        self.in_flight.get() == 0
    }

    /// Counts a response.
    pub fn count_response(&self, status: u16, took: Duration) {
        self.requests.get_or_create(&Status { status }).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// Counts a cache lookup.
    pub fn count_cache_lookup(&self, found: bool) {
        let lookups = if found { &self.cache_hits } else { &self.cache_misses };
        lookups.inc();
    }

    /// All metrics in the OpenMetrics text format.
    pub fn text(&self, now: CurrentState) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode(&mut text, &now.registry())?;
        Ok(text)
    }
}

impl CurrentState {
    /// Omits an unknown position: 0 would be wrong and set off the wrong alarm.
    fn registry(self) -> Registry {
        let mut registry = Registry::with_prefix("lectern");
        let gauge = |value: i64| {
            let gauge: Gauge = Gauge::default();
            gauge.set(value);
            gauge
        };
        let ready = self.served.is_some() && self.head.is_some();
        registry.register("build", "The version that runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("ready", "Whether it can answer with data, as /health/ready says", gauge(ready.into()));
        registry.register("database_up", "Whether the database answers", gauge(self.head.is_some().into()));
        if let Some(head) = self.head {
            registry.register("log_position", "The last position of the change log in the database", gauge(head));
        }
        if let Some(served) = self.served {
            registry.register("served_position", "The position of the log that answers are given from", gauge(served));
        }
        registry
    }
}

/// Request in flight.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
