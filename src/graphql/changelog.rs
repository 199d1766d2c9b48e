//! The change log that everything derived follows. Does not belong here: knowledge of who follows it.

mod page;
mod query;
mod subscription;
mod types;

pub use query::ChangelogQuery;
pub use subscription::{ChangelogSubscription, SubscriptionCursor};
