//! State of the process that all requests share.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use catalog::auth::Auth;
use catalog::budget::Budgets;
use catalog::clock::Clock;
use catalog::database::Database;
use catalog::mail::Outbox;
use catalog::notice::Notices;
use catalog::snapshot::SnapshotStore;
use tokio::sync::watch;
use tokio::time::sleep_until;

use crate::config::Settings;
use crate::graphql::schema::Schema;
use crate::metrics::Metrics;

/// Fraction of the shutdown time, and its maximum, reserved for closing the index and the database once requests have
/// been cut off.
const CLOSING_SHARE: u32 = 5;
const MAX_CLOSING_TIME: Duration = Duration::from_secs(2);

/// State shared by all requests.
pub struct AppState {
    /// Settings of the process.
    pub settings: Settings,
    /// Database connections.
    pub database: Database,
    /// Newest snapshot of everything derived.
    pub snapshots: Arc<SnapshotStore>,
    /// Authentication.
    pub auth: Arc<Auth>,
    /// Budgets of all clients.
    pub budgets: Arc<Budgets>,
    /// Jobs to run after the response is sent.
    pub outbox: Outbox,
    /// Mail about pending decisions.
    pub notices: Notices,
    /// GraphQL schema.
    pub schema: Schema,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Metrics of the process.
    pub metrics: Metrics,
    /// Whether the process is about to stop. Everything that would run forever ends then.
    pub stopping: watch::Sender<bool>,
    /// Time by which everything must have ended. Set before `stopping`.
    pub stop_deadline: OnceLock<Instant>,
}

impl AppState {
    /// Time by which everything must have ended, as set by the caller that stops the application, or else by the
    /// settings.
    pub fn stop_deadline(&self) -> Instant {
        let limit = Duration::from_secs(self.settings.shutdown_seconds);
        *self.stop_deadline.get_or_init(|| Instant::now() + limit)
    }

    /// Waits for the stop, then for the time at which requests that still run are cut off.
    pub async fn wait_for_cutoff(&self) {
        // Cannot fail: the sender lives as long as the state.
        _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
        let deadline = self.stop_deadline();
        let left = deadline.saturating_duration_since(Instant::now());
        let closing = (left / CLOSING_SHARE).min(MAX_CLOSING_TIME);
        sleep_until((deadline - closing).into()).await;
    }
}
