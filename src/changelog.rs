//! The change log that everything derived follows. Does not belong here: knowledge of who follows it.

mod append;
pub mod fields;
mod page;
mod query;
mod read;
mod subscription;
mod types;

pub use append::{Entry, append};
pub use query::ChangelogQuery;
pub use read::{LogEntry, LogPoint, RATING_CHANGED, REVIEW_CHANGED, after, head};
pub use subscription::{ChangelogSubscription, SubscriptionCursor};
