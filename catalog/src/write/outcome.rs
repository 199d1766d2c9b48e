//! Results of mutations.

use crate::input::{ValidationCode, ValidationError};

/// Result of a mutation. If there are validation errors, nothing was written.
#[derive(Debug)]
pub struct MutationOutcome<T> {
    /// Current state of the object; `None` if there is none, because its creation was refused.
    pub current: Option<T>,
    /// Validation errors, with paths that start at the mutation's arguments.
    pub errors: Vec<ValidationError>,
    /// Position in the log; `None` if nothing was written.
    pub position: Option<i64>,
}

impl<T> MutationOutcome<T> {
    /// Result of a mutation that succeeded. It may have found nothing to write.
    pub fn success(current: T, position: Option<i64>) -> Self {
        Self { current: Some(current), errors: Vec::new(), position }
    }

    /// Result of a mutation that was refused.
    pub fn failure(current: Option<T>, errors: Vec<ValidationError>) -> Self {
        Self { current, errors, position: None }
    }
}

/// Validation error for an outdated version.
pub fn check_version(expected: i32, version: i32) -> Option<ValidationError> {
    let rule = || format!("the current version is {version}");
    (expected != version).then(|| ValidationError::of("expectedVersion", ValidationCode::Stale, rule()))
}
