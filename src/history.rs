//! What was done to a listing, by whom and when: the change log as its members see it.

mod actor;
mod loader;
mod types;

pub use loader::history;
pub use types::HistoryEntry;
