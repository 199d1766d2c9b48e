//! The search index: a copy of what the public may find, which can be thrown away and built again at any time.
//! What must not go in: writes to the database, and anything of GraphQL.

mod analyse;
mod best;
mod build;
pub mod documents;
pub mod facets;
mod fields;
mod figures;
mod fillers;
mod filter;
pub mod financing;
pub mod fit;
mod highlight;
mod home;
mod index;
mod language;
mod lessons;
mod matches;
pub mod names;
mod order;
mod place;
mod question;
mod scripts;
mod segment;
mod select;
mod similar;
mod spelling;
mod statistics;
mod suggest;
mod synonyms;
mod text;
mod variants;
mod wish;

pub use build::{apply, build};
pub use documents::days;
pub use fields::{DocKind, Fields, ON_DEMAND, VERSION};
pub use figures::Figures;
pub use filter::Condition;
pub use highlight::{Highlight, Highlighter};
pub use home::Home;
pub use index::Index;
pub use language::has_words;
pub use lessons::Lessons;
pub use matches::{Matches, Part, Parts};
pub use order::{By, Order};
pub use place::{Circle, Place};
pub use question::Step;
pub use select::{Hit, select};
pub use similar::{Model, similar};
pub use suggest::suggest;
pub use wish::{Ask, Fit, Wish, fitting, weeks_of};

use std::sync::{Arc, OnceLock};

use segment::Segment;
use synonyms::Synonyms;

use crate::error::{AppError, Result};

/// The index as it was at one moment.
#[derive(Clone)]
pub struct Reader {
    /// The searcher.
    pub searcher: tantivy::Searcher,
    /// The fields of the documents.
    pub fields: Arc<Fields>,
    segments: Arc<[Segment]>,
    figures: Arc<OnceLock<Figures>>,
    lessons: Arc<OnceLock<Lessons>>,
    synonyms: Arc<OnceLock<Synonyms>>,
}

impl Reader {
    /// The index as this searcher sees it.
    pub fn new(searcher: tantivy::Searcher, fields: Arc<Fields>) -> Self {
        let segments = searcher.segment_readers().iter().map(|reader| Segment::new(reader.clone(), fields.clone()));
        let segments = segments.collect();
        let (figures, lessons, synonyms) = (Arc::default(), Arc::default(), Arc::default());
        Self { searcher, fields, segments, figures, lessons, synonyms }
    }

    /// The figures over all courses, worked out when they are first asked for.
    pub fn figures(&self) -> Result<&Figures> {
        segment::kept(&self.figures, || Figures::new(self))
    }

    /// All courses as steps of learning paths, read when they are first asked for.
    pub fn lessons(&self) -> Result<&Lessons> {
        segment::kept(&self.lessons, || Lessons::new(self))
    }

    /// The other names of all skills, read when a text is first searched for.
    fn synonyms(&self) -> Result<&Synonyms> {
        segment::kept(&self.synonyms, || Synonyms::new(self))
    }
}

impl From<tantivy::TantivyError> for AppError {
    fn from(error: tantivy::TantivyError) -> Self {
        AppError::internal(error)
    }
}
