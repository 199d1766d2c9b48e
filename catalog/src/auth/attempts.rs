//! Limits on sign-in attempts and emails. Wrong passwords are counted per email address and client together, so that
//! whoever guesses a password slows down only themselves, and not the owner, who signs in from somewhere else. Limits
//! per client or per address alone are wider. Each attempt counts, including several in one request.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use moka::sync::Cache;

use crate::clock::{Clock, Monotonic, whole_seconds};
use crate::error::{AppError, Result};

/// Number of passwords a client can try for an address before it has to wait between attempts.
const FREE_TRIES: u32 = 10;
/// The same while the address is under attack by other clients. Not zero, because the owner must still be able to sign
/// in.
const FREE_TRIES_UNDER_ATTACK: u32 = 2;
/// First delay after the free attempts. The delays grow like the Fibonacci numbers.
const FIRST_DELAY: Duration = Duration::from_secs(60);
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);
/// Time without an attempt after which failures are forgotten.
const FAILURE_MEMORY: Duration = Duration::from_secs(24 * 3_600);
/// Attempts on an address by all clients together: 100 at once, then one per minute. Beyond that, the address is under
/// attack.
const SIGN_INS_OF_ALL_CLIENTS: Quota = per_minute(100);
/// Emails to an address: ten at once, then one per minute.
const LETTER_QUOTA: Quota = per_minute(10);
/// Attempts by a client: 100 at once, then one per second, since a whole school may share one IP address.
const CLIENT_QUOTA: Quota = Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(99));
/// Maximum number of entries of each kind in memory. The least used are dropped first.
const MAX_ENTRIES: u64 = 50_000;

const fn per_minute(burst: u32) -> Quota {
    Quota::per_minute(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(burst - 1))
}

/// Attempts of all clients.
pub struct Attempts {
    pairs: Cache<(String, Option<IpAddr>), Arc<Mutex<Failures>>>,
    addresses: Limiter<String>,
    letters: Limiter<String>,
    clients: Limiter<IpAddr>,
    clock: Monotonic,
}

/// Failures of a client at an address.
#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Failures {
    /// Returns how long the next attempt has to wait.
    fn delay(self, now: Duration, free: u32) -> Duration {
        let over = self.count.checked_sub(free);
        let delay = over.map_or(Duration::ZERO, |over| FIRST_DELAY.saturating_mul(fibonacci(over)).min(MAX_DELAY));
        (self.last + delay).saturating_sub(now)
    }
}

/// Returns the n-th number of the sequence 1, 1, 2, 3, 5, …, counting from 0.
fn fibonacci(n: u32) -> u32 {
    (0..n).fold((1_u32, 1_u32), |(one, two), _| (two, one.saturating_add(two))).0
}

impl Attempts {
    /// Starts without attempts.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            pairs: Cache::new(MAX_ENTRIES),
            addresses: Limiter::new(SIGN_INS_OF_ALL_CLIENTS),
            letters: Limiter::new(LETTER_QUOTA),
            clients: Limiter::new(CLIENT_QUOTA),
            clock: Monotonic::new(clock),
        }
    }

    /// Counts a password attempt of a client at an address. Fails with the time to wait if there were too many.
    /// Attempts are counted before the password is checked, so that none of several concurrent attempts slips through.
    pub fn count_password(&self, client: Option<IpAddr>, address: &str) -> Result<()> {
        self.count_client(client)?;
        let is_under_attack = self.addresses.check(address.to_owned(), &self.clock).is_err();
        let free = if is_under_attack { FREE_TRIES_UNDER_ATTACK } else { FREE_TRIES };
        let now = self.clock.elapsed();
        let entry = self.pairs.get_with(pair(client, address), Arc::default);
        let mut failures = entry.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(failures.last) >= FAILURE_MEMORY {
            *failures = Failures::default();
        }
        match failures.delay(now, free) {
            Duration::ZERO => {
                *failures = Failures { count: failures.count.saturating_add(1), last: now };
                Ok(())
            }
            wait => Err(limited(wait)),
        }
    }

    /// Forgets the failures of a client at an address after a correct password.
    pub fn succeeded(&self, client: Option<IpAddr>, address: &str) {
        self.pairs.invalidate(&pair(client, address));
    }

    /// Counts an email that a client has sent to an address. Fails with the time to wait if there were too many.
    pub fn count_letter(&self, client: Option<IpAddr>, address: &str) -> Result<()> {
        self.count_client(client)?;
        self.letters.check(address.to_owned(), &self.clock).map_err(limited)
    }

    fn count_client(&self, client: Option<IpAddr>) -> Result<()> {
        client.map_or(Ok(()), |client| self.clients.check(network(client), &self.clock).map_err(limited))
    }
}

fn pair(client: Option<IpAddr>, address: &str) -> (String, Option<IpAddr>) {
    (address.to_owned(), client.map(network))
}

fn limited(wait: Duration) -> AppError {
    AppError::RateLimited { seconds: whole_seconds(wait) }
}

/// Rate limiter with a bucket per key. Keeps the most used keys.
struct Limiter<K> {
    quota: Quota,
    buckets: Cache<K, Arc<Bucket>>,
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Monotonic, NoOpMiddleware<Nanos>>;

impl<K: Hash + Eq + Send + Sync + 'static> Limiter<K> {
    fn new(quota: Quota) -> Self {
        Self { quota, buckets: Cache::new(MAX_ENTRIES) }
    }

    /// Takes one unit. `Err` is the time to wait.
    fn check(&self, key: K, clock: &Monotonic) -> Result<(), Duration> {
        let new = || Arc::new(RateLimiter::direct_with_clock(self.quota, clock.clone()));
        let bucket = self.buckets.get_with(key, new);
        bucket.check().map_err(|until| until.wait_time_from(clock.now()))
    }
}

/// Identifies a client by its IP address, or by the network half of an IPv6 address, since clients choose the other
/// half themselves.
pub(crate) fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.into(),
            None => std::net::Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        },
    }
}
