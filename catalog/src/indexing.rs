//! Keeps the search index in step with the database: builds its documents from rows, all of them or those that a change
//! concerns. Does not belong here: how documents are searched, and when the index is updated.

mod build;
mod documents;

pub use build::{apply, build};
