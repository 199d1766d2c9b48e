//! Time and ids: the only place that asks the machine what time it is, so that tests can say so instead.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use futures_util::future::BoxFuture;
use governor::nanos::Nanos;

/// How long to sleep at most until the clock is looked at again: it may be put right meanwhile, and a machine may have
/// slept.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The date in UTC: what "upcoming" is measured by.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// A time that rises evenly whatever is done to the time of day, where the clock has one. What limits measure by it
    /// goes through `Monotonic`.
    fn uptime(&self) -> Duration {
        Duration::from_micros(self.now().timestamp_micros().try_into().unwrap_or_default())
    }

    /// Waits until this time.
    fn until(&self, time: DateTime<Utc>) -> BoxFuture<'_, ()>;
}

/// The machine's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        // PostgreSQL keeps microseconds: with more, the two databases would not say the same.
        Utc::now().trunc_subsecs(6)
    }

    fn uptime(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    fn until(&self, time: DateTime<Utc>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while let Ok(left) = (time - self.now()).to_std() {
                // A moment more: a timer may ring a little early.
                tokio::time::sleep(left.min(POLL_INTERVAL) + Duration::from_millis(1)).await;
            }
        })
    }
}

/// The time since it was made, which never runs backwards: where the clock is put back, the time goes on from where it was.
#[derive(Clone)]
pub struct Monotonic {
    clock: Arc<dyn Clock>,
    /// What the clock said last, and the time until then.
    last: Arc<Mutex<(Duration, Duration)>>,
}

impl Monotonic {
    /// By this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let last = Arc::new(Mutex::new((clock.uptime(), Duration::ZERO)));
        Self { clock, last }
    }

    /// The time since it was made.
    pub fn elapsed(&self) -> Duration {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.uptime();
        *last = (now, last.1 + now.saturating_sub(last.0));
        last.1
    }
}

impl governor::clock::Clock for Monotonic {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.elapsed().into()
    }
}

/// The whole seconds of a duration, rounded up.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Makes the ids of rows: rising within a process, and apart between processes by the millisecond and 22 random
/// bits. Ids are made before the write, so that a row and all that hangs on it go in without asking for its id back;
/// should two processes ever meet, the primary key refuses one and its transaction is tried again.
pub struct Ids {
    clock: Arc<dyn Clock>,
    last: AtomicI64,
}

const EPOCH_MS: i64 = 1_577_836_800_000; // 2020-01-01
const RANDOM_BITS: u32 = 22;

impl Ids {
    /// A generator on a clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: AtomicI64::new(0) }
    }

    /// An id that this process has not made before and that is larger than all that it has made.
    pub fn next(&self) -> i64 {
        let millisecond = (self.clock.now().timestamp_millis() - EPOCH_MS).max(0);
        let fresh = (millisecond << RANDOM_BITS) | random_bits();
        let next = |last: i64| Some(fresh.max(last + 1));
        self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).map_or(fresh, |last| fresh.max(last + 1))
    }

    /// An id that says nothing of when it was made.
    pub fn next_random(&self) -> i64 {
        // What is left of 64 random bits without the sign.
        (uuid::Uuid::new_v4().as_u64_pair().1 << 2 >> 1).cast_signed()
    }
}

fn random_bits() -> i64 {
    let random = uuid::Uuid::new_v4().as_u64_pair().1;
    (random & ((1 << RANDOM_BITS) - 1)) as i64
}
