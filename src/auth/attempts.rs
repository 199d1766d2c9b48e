//! How often somebody may try. Wrong passwords are counted for an address and a client together, so that whoever guesses
//! somebody's password slows down themselves, and never the owner, who asks from somewhere else. What is counted for a
//! client alone, or an address alone, is wider. Each try counts, also the second and third in one request.

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

use crate::clock::{Clock, Monotonic};
use crate::error::{AppError, Result};

/// Passwords that a client may try at an address before it has to wait between tries,
const FREE_TRIES: u32 = 10;
/// and while others try far too many at the address. It is not none: the owner has to get in.
const FREE_TRIES_UNDER_ATTACK: u32 = 2;
/// How long to wait first. It grows like the numbers of Fibonacci,
const FIRST_DELAY: Duration = Duration::from_secs(60);
/// and to no more than this.
const MAX_DELAY: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after as long without a try.
const MEMORY: Duration = Duration::from_secs(24 * 3_600);
/// Tries at an address by all clients together: beyond, it is under attack.
const ALL_CLIENTS: Quota = per_minute(100);
/// Letters to an address: ten at once, and one more a minute.
const LETTERS: Quota = per_minute(10);
/// Tries of one client: a hundred at once, and one more a second, since a school may sit behind one address.
const A_CLIENT: Quota = Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(99));
/// Entries of each kind that are remembered: what is seldom asked for is forgotten first.
const MAX_ENTRIES: u64 = 50_000;

const fn per_minute(burst: u32) -> Quota {
    Quota::per_minute(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(burst - 1))
}

/// The tries of all.
pub struct Attempts {
    pairs: Cache<(String, Option<IpAddr>), Arc<Mutex<Failures>>>,
    addresses: Limiter<String>,
    letters: Limiter<String>,
    clients: Limiter<IpAddr>,
    clock: Ticks,
}

/// The failures of a client at an address.
#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Failures {
    /// For how long the next try has to wait.
    fn delay(self, now: Duration, free: u32) -> Duration {
        let over = self.count.checked_sub(free);
        let delay = over.map_or(Duration::ZERO, |over| FIRST_DELAY.saturating_mul(fibonacci(over)).min(MAX_DELAY));
        (self.last + delay).saturating_sub(now)
    }
}

/// 1, 1, 2, 3, 5, …
fn fibonacci(n: u32) -> u32 {
    (0..n).fold((1_u32, 1_u32), |(one, two), _| (two, one.saturating_add(two))).0
}

impl Attempts {
    /// None so far.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = Ticks(Arc::new(Monotonic::new(clock)));
        Self {
            pairs: Cache::new(MAX_ENTRIES),
            addresses: Limiter::new(ALL_CLIENTS),
            letters: Limiter::new(LETTERS),
            clients: Limiter::new(A_CLIENT),
            clock,
        }
    }

    /// Counts a password that a client tries at an address, and says when to come again where it is one too many. It
    /// counts before it is known whether the password is right: of many tries at once none slips through.
    pub fn count_password(&self, client: Option<IpAddr>, address: &str) -> Result<()> {
        self.count_client(client)?;
        let is_under_attack = self.addresses.check(address.to_owned(), &self.clock).is_err();
        let free = if is_under_attack { FREE_TRIES_UNDER_ATTACK } else { FREE_TRIES };
        let now = self.clock.elapsed();
        let entry = self.pairs.get_with(pair(client, address), Arc::default);
        let mut failures = entry.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(failures.last) >= MEMORY {
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

    /// Forgets the failures of a client at an address: the password was right.
    pub fn succeeded(&self, client: Option<IpAddr>, address: &str) {
        self.pairs.invalidate(&pair(client, address));
    }

    /// Counts a letter that a client has sent to an address.
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
    AppError::RateLimited { seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }
}

/// One limit for each of many keys, of which the most used are remembered.
struct Limiter<K> {
    quota: Quota,
    buckets: Cache<K, Arc<Bucket>>,
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Nanos>>;

impl<K: Hash + Eq + Send + Sync + 'static> Limiter<K> {
    fn new(quota: Quota) -> Self {
        Self { quota, buckets: Cache::new(MAX_ENTRIES) }
    }

    /// `Err` says for how long to wait.
    fn check(&self, key: K, clock: &Ticks) -> Result<(), Duration> {
        let new = || Arc::new(RateLimiter::direct_with_clock(self.quota, clock.clone()));
        let bucket = self.buckets.get_with(key, new);
        bucket.check().map_err(|until| until.wait_time_from(clock.now()))
    }
}

/// What stands for a client: the half of an IPv6 address that names the network, since the other is anybody's choice.
fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.into(),
            None => std::net::Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        },
    }
}

/// The clock of the application in the form that the limiter asks for.
#[derive(Clone)]
struct Ticks(Arc<Monotonic>);

impl Ticks {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.elapsed().into()
    }
}
