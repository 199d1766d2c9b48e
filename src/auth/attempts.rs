//! How often somebody may try: for one address, whoever tries, and for one client, at whichever address. Each try counts,
//! also the second and third in one request.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::Clock as _;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::error::{AppError, Result};

/// Tries at one address: ten at once, and one more a minute.
const AN_ADDRESS: Quota = Quota::per_minute(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(9));
/// Tries of one client: a hundred at once, and one more a second, since a school may sit behind one address.
const A_CLIENT: Quota = Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(99));
/// With more addresses or clients than this, those that have all their tries again are forgotten.
const MANY: usize = 10_000;

type Limiter<K> =
    RateLimiter<K, governor::state::keyed::DashMapStateStore<K>, Ticks, governor::middleware::NoOpMiddleware<Nanos>>;

/// The tries of all.
pub struct Attempts {
    addresses: Limiter<String>,
    clients: Limiter<IpAddr>,
    clock: Ticks,
}

impl Attempts {
    /// None so far.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = Ticks(clock);
        let addresses = RateLimiter::dashmap_with_clock(AN_ADDRESS, clock.clone());
        let clients = RateLimiter::dashmap_with_clock(A_CLIENT, clock.clone());
        Self { addresses, clients, clock }
    }

    /// Counts a try of a client at an address, and says when to come again where it is one too many.
    pub fn count(&self, client: Option<IpAddr>, address: &str) -> Result<()> {
        if let Some(client) = client {
            self.check(&self.clients, &network(client))?;
        }
        self.check(&self.addresses, &address.to_owned())
    }

    fn check<K: std::hash::Hash + Eq + Clone>(&self, limiter: &Limiter<K>, key: &K) -> Result<()> {
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            AppError::RateLimited { seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }
        })
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
struct Ticks(Arc<dyn Clock>);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(self.0.now().timestamp_nanos_opt().and_then(|nanos| nanos.try_into().ok()).unwrap_or_default())
    }
}
