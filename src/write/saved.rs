//! What becomes of a mutation.

use crate::form::{Fault, FaultCode};

/// What a mutation speaks of as it is in the end. Where there are faults, nothing was written.
#[derive(Debug)]
pub struct Saved<T> {
    /// The thing as it is now; `None` where there is none, since it was to be new.
    pub now: Option<T>,
    /// What is wrong, each with its path from the mutation's arguments on.
    pub faults: Vec<Fault>,
    /// The position of the log; `None` where nothing was written.
    pub position: Option<i64>,
}

impl<T> Saved<T> {
    /// It was written, unless there was nothing to write.
    pub fn done(now: T, position: Option<i64>) -> Self {
        Self { now: Some(now), faults: Vec::new(), position }
    }

    /// It was refused.
    pub fn refused(now: Option<T>, faults: Vec<Fault>) -> Self {
        Self { now, faults, position: None }
    }
}

/// The fault of a version that is not the one there is.
pub fn stale(expected: i32, version: i32) -> Option<Fault> {
    let rule = || format!("the listing is at version {version} by now");
    (expected != version).then(|| Fault::of("expectedVersion", FaultCode::Stale, rule()))
}
