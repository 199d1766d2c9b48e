//! The search index: a copy of what the public can find, which can be discarded and rebuilt at any time. Does not
//! belong here: writes to the database, and anything of GraphQL.

mod condition;
mod course_columns;
mod course_counts;
pub mod document_builder;
pub mod error;
mod evaluation;
pub mod facets;
mod fields;
mod filter;
pub mod financing;
pub mod fit;
pub mod folding;
mod highlight;
mod index;
mod index_directory;
mod language;
mod location;
mod log_point;
mod matches;
pub mod names;
mod order;
pub mod paging;
mod score;
mod scripts;
mod segment;
mod select;
mod similar;
mod spelling;
mod statistics;
mod stop_words;
mod suggest;
mod synonyms;
mod text;
mod text_matches;
mod text_query;
mod tokenizer;
mod top_courses;
mod variants;
pub mod work;

pub use condition::Condition;
pub use course_columns::CourseColumns;
pub use course_counts::CourseCounts;
pub use error::{Error, Result};
pub use fields::{DocKind, FREE, Fields, ON_DEMAND, VERSION, days};
pub use highlight::{Highlight, Highlighter};
pub use index::Index;
pub use index_directory::IndexDirectory;
pub use language::{has_words, word_count};
pub use location::{Circle, Location};
pub use log_point::LogPoint;
pub use matches::{CourseSearch, FilterClause, FilterClauses, Matches};
pub use order::{Order, SortKey};
pub use score::{ScoreClause, ScoredCourse, WeightedClause, score_courses, weeks_of};
pub use select::{Hit, select};
pub use similar::{SimilarityQuery, similar};
pub use suggest::suggest;
pub use tantivy::TantivyDocument;
pub use tantivy::schema::Field;
pub use text_query::Strictness;

use std::sync::{Arc, OnceLock};

use crate::work::WorkMeter;
use evaluation::Evaluation;
use segment::Segment;
use synonyms::Synonyms;

/// Work units per document for computing the course counts.
const COURSE_COUNTS_WORK: u64 = 20;
/// Work units per document for reading the course columns.
const COURSE_COLUMNS_WORK: u64 = 20;
/// Work units per document for reading the aliases of skills.
const SYNONYMS_WORK: u64 = 2;

/// Index as of one commit.
#[derive(Clone)]
pub struct Reader {
    /// Searcher of the library.
    pub searcher: tantivy::Searcher,
    /// Fields of the documents.
    pub fields: Arc<Fields>,
    segments: Arc<[Segment]>,
    course_counts: Arc<OnceLock<CourseCounts>>,
    course_columns: Arc<OnceLock<CourseColumns>>,
    synonyms: Arc<OnceLock<Synonyms>>,
    evaluation: Arc<Evaluation>,
}

impl Reader {
    /// Creates a reader on this searcher.
    pub fn new(searcher: tantivy::Searcher, fields: Arc<Fields>) -> Self {
        let readers = searcher.segment_readers().iter().enumerate();
        let segments = readers.map(|(ordinal, reader)| Segment::new(ordinal, reader.clone(), fields.clone()));
        let segments = segments.collect();
        let (course_counts, course_columns, synonyms) = (Arc::default(), Arc::default(), Arc::default());
        let evaluation = Arc::new(Evaluation::new(Arc::new(WorkMeter::unlimited())));
        Self { searcher, fields, segments, course_counts, course_columns, synonyms, evaluation }
    }

    /// Copies the reader for one request, which is charged to this meter. Results are cached to the end of the request.
    pub fn for_request(&self, meter: Arc<WorkMeter>) -> Self {
        Self { evaluation: Arc::new(Evaluation::new(meter)), ..self.clone() }
    }

    /// Charges work done outside of the index.
    pub fn charge(&self, units: u64) -> Result<()> {
        self.meter().charge(units)
    }

    /// Meter that the work is charged to.
    pub(crate) fn meter(&self) -> &WorkMeter {
        &self.evaluation.meter
    }

    /// Number of courses.
    fn courses(&self) -> usize {
        self.searcher.num_docs() as usize
    }

    /// Computes a value that all requests share, in the request that first needs it.
    fn shared<'a, T>(&self, cell: &'a OnceLock<T>, work: u64, make: impl FnOnce() -> Result<T>) -> Result<&'a T> {
        segment::get_or_try_init(cell, || {
            self.meter().charge_each(self.courses(), work)?;
            make()
        })
    }

    /// Counts over all courses, computed when they are first needed.
    pub fn course_counts(&self) -> Result<&CourseCounts> {
        self.shared(&self.course_counts, COURSE_COUNTS_WORK, || CourseCounts::new(self))
    }

    /// Columns of all courses for learning paths, read when they are first needed.
    pub fn course_columns(&self) -> Result<&CourseColumns> {
        self.shared(&self.course_columns, COURSE_COLUMNS_WORK, || CourseColumns::new(self))
    }

    /// Aliases of all skills, read when a text is first searched for.
    fn synonyms(&self) -> Result<&Synonyms> {
        self.shared(&self.synonyms, SYNONYMS_WORK, || Synonyms::new(self))
    }
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Error::internal(error)
    }
}
