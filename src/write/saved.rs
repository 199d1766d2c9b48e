//! Results of mutations.

use crate::input::{ValidationCode, ValidationError};

/// Result of a mutation. If there are validation errors, nothing was written.
#[derive(Debug)]
pub struct Saved<T> {
    /// Current state of the object; `None` if there is none, because its creation was refused.
    pub now: Option<T>,
    /// Validation errors, with paths that start at the mutation's arguments.
    pub errors: Vec<ValidationError>,
    /// Position in the log; `None` if nothing was written.
    pub position: Option<i64>,
}

impl<T> Saved<T> {
    /// Result of a mutation that succeeded. It may have found nothing to write.
    pub fn done(now: T, position: Option<i64>) -> Self {
        Self { now: Some(now), errors: Vec::new(), position }
    }

    /// Result of a mutation that was refused.
    pub fn refused(now: Option<T>, errors: Vec<ValidationError>) -> Self {
        Self { now, errors, position: None }
    }
}

/// Validation error for an outdated version.
pub fn stale(expected: i32, version: i32) -> Option<ValidationError> {
    let rule = || format!("the listing is at version {version} by now");
    (expected != version).then(|| ValidationError::of("expectedVersion", ValidationCode::Stale, rule()))
}
