//! A clock that stands where a test puts it.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use lectern::clock::Clock;

/// Stands at 2026-06-01T12:00:00Z until it is set.
pub struct FixedClock(AtomicI64);

impl Default for FixedClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_780_315_200_000))
    }
}

impl FixedClock {
    /// Puts the clock to another time, given in RFC 3339.
    pub fn set(&self, time: &str) {
        let time = DateTime::parse_from_rfc3339(time).unwrap();
        self.0.store(time.timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}
