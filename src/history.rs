//! What was done to a listing, by whom and when: the change log as its members see it.

mod actor;
mod loader;
mod types;

pub(crate) use actor::name_of;
pub use loader::history;
pub use types::HistoryEntry;
