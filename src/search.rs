//! The search index: a copy of what the public may find, which can be thrown away and built again at any time.
//! What must not go in: writes to the database, and anything of GraphQL.

mod analyse;
mod counts;
pub mod documents;
mod fields;
pub mod financing;
mod highlight;
mod index;
mod language;
pub mod names;
mod spelling;
mod text;

use crate::error::AppError;

pub use fields::{DocKind, Fields, ON_DEMAND, VERSION};
pub use highlight::{Highlight, Highlighter};
pub use index::Index;
pub use text::course_query;

/// The index as it was at one moment.
#[derive(Clone)]
pub struct Reader {
    /// The searcher.
    pub searcher: tantivy::Searcher,
    /// The fields of the documents.
    pub fields: std::sync::Arc<Fields>,
}

impl From<tantivy::TantivyError> for AppError {
    fn from(error: tantivy::TantivyError) -> Self {
        AppError::internal(error)
    }
}
