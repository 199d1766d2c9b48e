//! Budgets of clients: how much each may cause, so that none takes from the others what a process can do. What must not go
//! in: HTTP and GraphQL, and what work costs.
//!
//! Two kinds: an allowance comes back with time (cost a minute, sign-ups a day), a share is given back when what took it
//! ends (connections, uploads). All are kept in memory, by each process for itself.

mod allowance;
mod client;
mod shares;

use std::sync::Arc;
use std::time::Duration;

pub use allowance::{Allowance, Balance, Exceeded};
pub use client::Client;
pub use shares::{Share, Shares};

use crate::clock::Clock;
use crate::config::Settings;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);
const MEGABYTE: u64 = 1024 * 1024;

/// The budgets of all clients.
pub struct Budgets {
    cost: Allowance,
    /// Accounts that are made.
    pub sign_ups: Allowance,
    /// Kilobytes of answers that are kept for idempotency keys. They are kept for a day, so that an allowance of a day
    /// bounds what is there.
    pub kept_answers: Allowance,
    /// Open WebSockets.
    pub sockets: Shares,
    /// Subscriptions at work.
    pub subscriptions: Shares,
    /// Feeds under way.
    pub uploads: Shares,
    /// Bytes of feeds under way, those that were announced and have not come yet included.
    pub upload_bytes: Shares,
    /// The same of the bodies of GraphQL requests, which are kept in memory.
    pub body_bytes: Shares,
}

impl Budgets {
    /// Untouched budgets by these settings.
    pub fn new(settings: &Settings, clock: &Arc<dyn Clock>) -> Self {
        let per_day = |limit| Allowance::new(limit, DAY, clock.clone());
        Self {
            cost: Allowance::new(settings.cost_per_minute, MINUTE, clock.clone()),
            sign_ups: per_day(settings.sign_ups_per_day),
            kept_answers: per_day(settings.kept_answers_mb_per_day.saturating_mul(1024)),
            sockets: Shares::new(settings.sockets_per_client),
            subscriptions: Shares::new(settings.subscriptions_per_client),
            uploads: Shares::new(settings.uploads_per_client),
            upload_bytes: Shares::new(settings.upload_mb_per_client * MEGABYTE),
            body_bytes: Shares::new(settings.body_mb_per_client * MEGABYTE),
        }
    }

    /// Charges a client for work: for its price before it runs, and afterwards for what it took beyond that. Where the
    /// budget does not hold so much, nothing is taken from it.
    pub fn charge(&self, client: &Client, units: u64) -> Result<Option<Balance>, Exceeded> {
        self.cost.take(client, units)
    }

    /// Charges a client for work that is done already, as far as its budget goes.
    pub fn charge_afterwards(&self, client: &Client, units: u64) -> Option<Balance> {
        self.cost.take_up_to(client, units)
    }
}
