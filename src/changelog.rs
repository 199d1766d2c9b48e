//! The change log: the one thing that everything derived follows. What must not go in: knowledge of who follows it.

mod append;
pub mod fields;
mod page;
mod query;
mod read;
mod subscription;
mod types;

pub use append::{Entry, append};
pub use query::ChangelogQuery;
pub use read::{Changed, LogPoint, NOTED, RATED, after, head};
pub use subscription::{ChangelogSubscription, Place};
