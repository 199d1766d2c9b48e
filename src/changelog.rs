//! The change log: the one thing that everything derived follows. What must not go in: knowledge of who follows it.

mod append;
pub mod fields;
mod query;
mod read;
mod types;

pub use append::{Entry, append};
pub use query::ChangelogQuery;
pub use read::{Changed, after, head};
