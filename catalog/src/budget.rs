//! Budgets of clients: they bound how much each client may use, so that no client starves the others. Does not belong
//! here: HTTP, GraphQL, and the price of work.
//!
//! There are two kinds: an allowance is restored over time (cost per minute, sign-ups per day), a share is returned
//! when its use ends (connections, uploads). All are kept in memory, separately by each process.

mod allowance;
mod client;
mod shares;

use std::sync::Arc;
use std::time::Duration;

pub use allowance::{Allowance, Balance, Exceeded};
pub use client::Client;
pub use shares::{Share, Shares};

use crate::clock::Clock;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);
const MEGABYTE: u64 = 1024 * 1024;

/// Limits per client. 0 stands for no limit.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is described as a setting")]
pub struct BudgetLimits {
    pub cost_per_minute: u32,
    pub sign_ups_per_day: u32,
    pub kept_answers_mb_per_day: u32,
    pub sockets_per_client: u64,
    pub subscriptions_per_client: u64,
    pub uploads_per_client: u64,
    pub upload_mb_per_client: u64,
    pub body_mb_per_client: u64,
}

/// Budgets of all clients.
pub struct Budgets {
    /// Work: the price before it runs, and afterwards what it took beyond the price.
    pub cost: Allowance,
    /// New accounts.
    pub sign_ups: Allowance,
    /// Kilobytes of responses stored for idempotency keys. They are stored for a day, so a daily allowance bounds the
    /// total.
    pub kept_answers: Allowance,
    /// Open WebSockets.
    pub sockets: Shares,
    /// Active subscriptions.
    pub subscriptions: Shares,
    /// Feeds being uploaded.
    pub uploads: Shares,
    /// Bytes of feeds being uploaded, including bytes that are announced and still to come.
    pub upload_bytes: Shares,
    /// Bytes of GraphQL request bodies being received, which are held in memory. Announced bytes count too.
    pub body_bytes: Shares,
}

impl Budgets {
    /// Creates full budgets.
    pub fn new(limits: &BudgetLimits, clock: &Arc<dyn Clock>) -> Self {
        let per_day = |limit| Allowance::new(limit, DAY, clock.clone());
        Self {
            cost: Allowance::new(limits.cost_per_minute, MINUTE, clock.clone()),
            sign_ups: per_day(limits.sign_ups_per_day),
            kept_answers: per_day(limits.kept_answers_mb_per_day.saturating_mul(1024)),
            sockets: Shares::new(limits.sockets_per_client),
            subscriptions: Shares::new(limits.subscriptions_per_client),
            uploads: Shares::new(limits.uploads_per_client),
            upload_bytes: Shares::new(limits.upload_mb_per_client * MEGABYTE),
            body_bytes: Shares::new(limits.body_mb_per_client * MEGABYTE),
        }
    }
}
