//! The change log that everything derived follows. Does not belong here: knowledge of who follows it.

pub mod action;
pub mod append;
pub mod fields;
pub mod read;

pub use action::Action;
pub use append::{Entry, append};
pub use read::{LogEntry, after, contains, head, point_at};
pub use search::LogPoint;
