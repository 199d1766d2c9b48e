//! The history of a listing: the change log as the members of its provider see it.

mod actor;
mod loader;
mod types;

pub(crate) use actor::name_of;
pub use loader::history;
pub use types::HistoryEntry;
