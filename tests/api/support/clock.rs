//! A clock that a test sets.

use catalog::clock::Clock;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// Stands at 2026-06-01T12:00:00Z until it is set.
pub struct FixedClock(watch::Sender<DateTime<Utc>>);

impl Default for FixedClock {
    fn default() -> Self {
        Self(watch::Sender::new(time("2026-06-01T12:00:00Z")))
    }
}

impl FixedClock {
    /// Sets the clock to a time in RFC 3339, and wakes whoever waits for it.
    pub fn set(&self, to: &str) {
        self.0.send_replace(time(to));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn until(&self, time: DateTime<Utc>) -> BoxFuture<'_, ()> {
        let mut now = self.0.subscribe();
        Box::pin(async move { _ = now.wait_for(|now| *now >= time).await })
    }
}

fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().into()
}
