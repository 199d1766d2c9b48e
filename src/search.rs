//! The search index: a copy of what the public may find, which can be thrown away and built again at any time.
//! What must not go in: writes to the database, and anything of GraphQL.

pub mod documents;
mod fields;
pub mod financing;
mod index;

pub use fields::{DocKind, Fields, ON_DEMAND, VERSION};
pub use index::Index;

/// The index as it was at one moment.
#[derive(Clone)]
pub struct Reader {
    /// The searcher.
    pub searcher: tantivy::Searcher,
    /// The fields of the documents.
    pub fields: std::sync::Arc<Fields>,
}
