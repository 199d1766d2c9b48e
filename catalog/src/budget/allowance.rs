//! Allowances of clients, restored evenly over time.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::Client;
use crate::clock::{Clock, Monotonic, whole_seconds};

/// Maximum number of clients to remember. The least recently seen are forgotten first, so that a flood of addresses
/// cannot exhaust memory.
const MAX_CLIENTS: u64 = 100_000;

type Limiter = RateLimiter<NotKeyed, InMemoryState, Monotonic, StateInformationMiddleware>;

/// Allowance of each client.
pub struct Allowance {
    quota: Option<Quota>,
    window: Duration,
    clients: Cache<Client, Arc<Limiter>>,
    clock: Monotonic,
}

/// Balance of an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Full amount.
    pub limit: u32,
    /// Remaining amount.
    pub remaining: u32,
    /// Seconds until the full amount is restored.
    pub reset_seconds: u64,
    /// Seconds in which an empty allowance is fully restored.
    pub window_seconds: u64,
}

/// Error: the request exceeds the remaining amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Seconds until there is enough.
    pub retry_after: u64,
    /// Current balance.
    pub balance: Balance,
}

impl Allowance {
    /// Creates an allowance of `limit` per client and window. 0 means unlimited.
    pub fn new(limit: u32, window: Duration, clock: Arc<dyn Clock>) -> Self {
        let quota = NonZeroU32::new(limit)
            .and_then(|limit| Quota::with_period(window / limit.get()).map(|quota| quota.allow_burst(limit)));
        let clients = Cache::builder().max_capacity(MAX_CLIENTS).eviction_policy(EvictionPolicy::lru());
        // After this time without use the allowance is full again, so there is nothing to remember.
        let clients = clients.time_to_idle(window * 2).build();
        Self { quota, window, clients, clock: Monotonic::new(clock) }
    }

    /// Takes an amount, or nothing if less is left. Returns no balance if the allowance is unlimited.
    pub fn take(&self, client: &Client, amount: u64) -> Result<Option<Balance>, Exceeded> {
        let (Some(quota), Some(amount)) = (self.quota, NonZeroU32::new(u32::try_from(amount).unwrap_or(u32::MAX)))
        else {
            return Ok(None);
        };
        let limiter = self.limiter(client, quota);
        match limiter.check_n(amount) {
            Ok(Ok(state)) => Ok(Some(self.balance(quota, state.remaining_burst_capacity()))),
            Ok(Err(until)) => {
                let wait = until.wait_time_from(self.clock.now());
                let missing = units(wait, quota);
                let remaining = amount.get().saturating_sub(missing);
                Err(Exceeded { retry_after: whole_seconds(wait).max(1), balance: self.balance(quota, remaining) })
            }
            Err(_) => Err(Exceeded {
                retry_after: self.window.as_secs(),
                balance: self.balance(quota, remaining(&limiter).unwrap_or_default()),
            }),
        }
    }

    /// Takes an amount, or everything that is left if that is less.
    pub fn take_up_to(&self, client: &Client, amount: u64) -> Option<Balance> {
        match self.take(client, amount) {
            Ok(balance) => balance,
            Err(exceeded) => {
                let left = exceeded.balance.remaining;
                self.take(client, left.into()).ok().flatten().or(Some(exceeded.balance))
            }
        }
    }

    fn limiter(&self, client: &Client, quota: Quota) -> Arc<Limiter> {
        self.clients.get_with(*client, || {
            let limiter = RateLimiter::direct_with_clock(quota, self.clock.clone());
            Arc::new(limiter.with_middleware::<StateInformationMiddleware>())
        })
    }

    fn balance(&self, quota: Quota, remaining: u32) -> Balance {
        let limit = quota.burst_size().get();
        let missing = quota.replenish_interval() * limit.saturating_sub(remaining);
        Balance { limit, remaining, reset_seconds: whole_seconds(missing), window_seconds: self.window.as_secs() }
    }
}

/// Remaining amount, determined by taking one unit of it.
fn remaining(limiter: &Limiter) -> Option<u32> {
    limiter.check().ok().map(|state| state.remaining_burst_capacity())
}

/// Number of units restored in this time.
fn units(wait: Duration, quota: Quota) -> u32 {
    let units = wait.as_nanos().div_ceil(quota.replenish_interval().as_nanos().max(1));
    u32::try_from(units).unwrap_or(u32::MAX)
}
