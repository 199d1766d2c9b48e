//! A limit on how much is read for one record, so that a quote that nobody closes does not fill the memory.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of one record, and what is read ahead of it.
const RECORD: u64 = 4 * 1024 * 1024;

/// How far a file has been read, seen from outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    read: Arc<AtomicU64>,
    start: Arc<AtomicU64>,
}

impl Meter {
    /// The bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Says that a record starts here.
    pub(super) fn record(&self) {
        self.start.store(self.position(), Ordering::Relaxed);
    }
}

/// A reader that fails once a record gets too long.
pub(super) struct Limited<R> {
    inner: R,
    meter: Meter,
}

impl<R> Limited<R> {
    /// Counts in this meter.
    pub(super) fn new(inner: R, meter: Meter) -> Self {
        Self { inner, meter }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = self.meter.read.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        if read.saturating_sub(self.meter.start.load(Ordering::Relaxed)) > RECORD {
            return Err(Error::new(ErrorKind::FileTooLarge, "a record has more than 4 MiB"));
        }
        Ok(count)
    }
}
