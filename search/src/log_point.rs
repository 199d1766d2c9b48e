//! Points of the change log: what the index knows of the log that it follows.

use serde::{Deserialize, Serialize};

/// A position in the log together with the history that led to it. After a database was restored from a backup and
/// written to again, the same position is a different point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPoint {
    /// Position in the log.
    pub position: i64,
    /// Mark of the change at the position; `None` at the start of the log and for changes older than marks.
    #[serde(default)]
    pub mark: Option<i64>,
}
