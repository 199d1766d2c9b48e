//! Limits on the work and the time of a request. Does not belong here: who asks, and what the work is for.
//!
//! The price of a document is computed before it runs. This is the other half: actual work is counted while it runs, so
//! that a price that was too low costs no more than the limit. Code that works in a loop charges before each part, and
//! stops with the error that the meter returns.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use crate::error::{Error, Result};

/// Limits of one request.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Units of work. One unit is about one column value read, 5 to 10 nanoseconds.
    pub work: u64,
    /// Objects in the response.
    pub objects: u64,
    /// Bytes of the response.
    pub bytes: u64,
}

impl Allowance {
    /// Allowance for internal work that no client requests.
    pub const UNLIMITED: Allowance = Allowance { work: u64::MAX, objects: u64::MAX, bytes: u64::MAX };
}

/// Work charged for an object in the response: resolving and serializing its fields.
const OBJECT_WORK: u64 = 500;
/// Work charged for a row of the database.
const ROW_WORK: u64 = 500;

/// Maximum number of courses linked from courses in the response. Each level of units multiplies them, and an object
/// takes some 20 KB while it is resolved, so they are counted before any of them is loaded.
const MAX_LINKED_COURSES: u64 = 2_000;

/// Counts the work of one request. All its parts share it.
#[derive(Debug)]
pub struct WorkMeter {
    allowance: Allowance,
    deadline: Option<Instant>,
    is_cancelled: AtomicBool,
    work: AtomicU64,
    objects: AtomicU64,
    bytes: AtomicU64,
    linked_courses: AtomicU64,
    /// Why the request was stopped.
    refusal: OnceLock<Error>,
}

impl WorkMeter {
    /// Creates a meter for a request with a deadline.
    pub fn new(allowance: Allowance, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..Self::without_deadline(allowance) }
    }

    /// Creates a meter for a long-running operation, whose limits apply to each response.
    pub fn without_deadline(allowance: Allowance) -> Self {
        let (work, objects, bytes) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        let linked_courses = AtomicU64::new(0);
        let (is_cancelled, refusal) = (AtomicBool::new(false), OnceLock::new());
        Self { allowance, deadline: None, is_cancelled, work, objects, bytes, linked_courses, refusal }
    }

    /// Creates a meter for internal work that no client requests.
    pub fn unlimited() -> Self {
        Self::without_deadline(Allowance::UNLIMITED)
    }

    /// Resets the counts for the next response.
    pub fn restart(&self) {
        for spent in [&self.work, &self.objects, &self.bytes, &self.linked_courses] {
            spent.store(0, Ordering::Relaxed);
        }
    }

    /// Charges units of work before they are done, and checks the time.
    pub fn charge(&self, units: u64) -> Result<()> {
        add(&self.work, units);
        self.check()
    }

    /// Charges work per item.
    pub fn charge_each(&self, count: usize, units: u64) -> Result<()> {
        self.charge((count as u64).saturating_mul(units))
    }

    /// Charges rows of the database.
    pub fn charge_rows(&self, rows: usize) -> Result<()> {
        self.charge_each(rows, ROW_WORK)
    }

    /// Charges objects in the response.
    pub fn charge_objects(&self, objects: u64) -> Result<()> {
        add(&self.objects, objects);
        self.charge(objects.saturating_mul(OBJECT_WORK))
    }

    /// Charges courses that a course links to.
    pub fn charge_linked_courses(&self, courses: usize) -> Result<()> {
        add(&self.linked_courses, courses as u64);
        self.refused(within("linked courses in its answer", &self.linked_courses, MAX_LINKED_COURSES))
    }

    /// Charges bytes of the response.
    pub fn charge_bytes(&self, bytes: usize) -> Result<()> {
        add(&self.bytes, bytes as u64);
        self.refused(self.check_limits())
    }

    /// Fails if the request has exceeded a limit, its time is up, or its client is gone.
    pub fn check(&self) -> Result<()> {
        self.refused(self.check_limits().and_then(|()| self.check_time()))
    }

    fn check_time(&self) -> Result<()> {
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || self.is_cancelled.load(Ordering::Relaxed) { Err(Error::OutOfTime) } else { Ok(()) }
    }

    /// Stores the first reason to stop.
    fn refused(&self, checked: Result<()>) -> Result<()> {
        checked.inspect_err(|error| _ = self.refusal.set(error.clone()))
    }

    /// Reason why the request was stopped; `None` if it was not.
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.get()
    }

    fn check_limits(&self) -> Result<()> {
        within("bytes in its answer", &self.bytes, self.allowance.bytes)?;
        within("objects in its answer", &self.objects, self.allowance.objects)?;
        within("units of work", &self.work, self.allowance.work)
    }

    /// Stops the request at its next check of the meter, because nobody waits for the response any more.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Units of work, objects and bytes so far.
    pub fn spent(&self) -> (u64, u64, u64) {
        let [work, objects, bytes] =
            [&self.work, &self.objects, &self.bytes].map(|spent| spent.load(Ordering::Relaxed));
        (work, objects, bytes)
    }
}

/// An overflow would wrap, but no request runs long enough for that.
fn add(spent: &AtomicU64, more: u64) {
    spent.fetch_add(more.min(1 << 48), Ordering::Relaxed);
}

fn within(what: &'static str, spent: &AtomicU64, limit: u64) -> Result<()> {
    let figure = spent.load(Ordering::Relaxed);
    if figure > limit { Err(Error::TooComplex { what, figure, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ALLOWANCE: Allowance = Allowance { work: 10_000, objects: 5, bytes: 100 };

    fn meter() -> WorkMeter {
        WorkMeter::new(ALLOWANCE, Instant::now() + Duration::from_secs(3600))
    }

    #[test]
    fn work_up_to_the_limit_is_done_and_more_is_refused_with_both_figures() {
        let meter = meter();
        assert!(meter.charge(10_000).is_ok());
        let error = meter.charge(1).unwrap_err();
        assert!(matches!(error, Error::TooComplex { what: "units of work", figure: 10_001, limit: 10_000 }));

        assert!(meter.check().is_err(), "what is over a limit stays so");
    }

    #[test]
    fn objects_and_bytes_have_limits_of_their_own_and_objects_are_work() {
        let objects = meter();
        assert!(objects.charge_objects(5).is_ok());
        assert_eq!(objects.spent(), (5 * OBJECT_WORK, 5, 0));
        let error = objects.charge_objects(1).unwrap_err();
        assert!(matches!(error, Error::TooComplex { what: "objects in its answer", figure: 6, limit: 5 }));
        let bytes = meter();
        assert!(bytes.charge_bytes(100).is_ok());
        assert!(matches!(bytes.charge_bytes(1).unwrap_err(), Error::TooComplex { figure: 101, limit: 100, .. }));
    }

    #[test]
    fn an_absurd_charge_does_not_wrap() {
        let meter = meter();
        assert!(meter.charge_each(usize::MAX, u64::MAX).is_err());
        assert!(meter.charge(u64::MAX).is_err());
    }

    #[test]
    fn nothing_more_is_done_once_the_time_is_over_or_the_client_has_gone() {
        let late = WorkMeter::new(ALLOWANCE, Instant::now());
        assert!(matches!(late.charge(1).unwrap_err(), Error::OutOfTime));
        let gone = meter();
        gone.cancel();
        assert!(matches!(gone.check().unwrap_err(), Error::OutOfTime));
        assert!(WorkMeter::unlimited().charge(u64::MAX).is_ok());
    }
}
