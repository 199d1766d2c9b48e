//! The change log as clients read it: a query and a subscription.

mod page;
mod query;
mod subscription;
mod types;

pub use query::ChangelogQuery;
pub use subscription::{ChangelogSubscription, SubscriptionCursor};
pub use types::cursor;
