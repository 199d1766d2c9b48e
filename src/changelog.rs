//! The change log that everything derived follows. Does not belong here: knowledge of who follows it.

mod action;
mod append;
pub mod fields;
mod page;
mod query;
mod read;
mod subscription;
mod types;

pub use action::Action;
pub use append::{Entry, append};
pub use query::ChangelogQuery;
pub use read::{LogEntry, LogPoint, after, head};
pub use subscription::{ChangelogSubscription, SubscriptionCursor};
