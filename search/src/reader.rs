//! The index as of one commit, with what its requests share. Does not belong here: what is searched for.

use std::sync::{Arc, OnceLock};

use super::course_columns::CourseColumns;
use super::course_counts::CourseCounts;
use super::evaluation::Evaluation;
use super::fields::Fields;
use super::languages::Languages;
use super::segment::{Segment, get_or_try_init};
use super::synonyms::Synonyms;
use crate::error::Result;
use crate::work::WorkMeter;

/// Work units per document for computing the course counts.
const COURSE_COUNTS_WORK: u64 = 20;
/// Work units per document for reading the course columns.
const COURSE_COLUMNS_WORK: u64 = 20;
/// Work units per document for counting the languages of the courses.
const LANGUAGES_WORK: u64 = 5;
/// Work units per document for reading the aliases of skills.
const SYNONYMS_WORK: u64 = 2;

/// Index as of one commit.
#[derive(Clone)]
pub struct Reader {
    /// Searcher of the library.
    pub searcher: tantivy::Searcher,
    /// Fields of the documents.
    pub fields: Arc<Fields>,
    pub(super) segments: Arc<[Segment]>,
    course_counts: Arc<OnceLock<CourseCounts>>,
    course_columns: Arc<OnceLock<CourseColumns>>,
    languages: Arc<OnceLock<Languages>>,
    synonyms: Arc<OnceLock<Synonyms>>,
    pub(super) evaluation: Arc<Evaluation>,
}

impl Reader {
    /// Creates a reader on this searcher.
    pub fn new(searcher: tantivy::Searcher, fields: Arc<Fields>) -> Self {
        let readers = searcher.segment_readers().iter().enumerate();
        let segments = readers.map(|(ordinal, reader)| Segment::new(ordinal, reader.clone(), fields.clone()));
        Self {
            segments: segments.collect(),
            course_counts: Arc::default(),
            course_columns: Arc::default(),
            languages: Arc::default(),
            synonyms: Arc::default(),
            evaluation: Arc::new(Evaluation::new(Arc::new(WorkMeter::unlimited()))),
            searcher,
            fields,
        }
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

    /// Computes a value that all requests share, in the request that first needs it.
    fn shared<'a, T>(&self, cell: &'a OnceLock<T>, work: u64, make: fn(&[Segment]) -> Result<T>) -> Result<&'a T> {
        get_or_try_init(cell, || {
            self.charge(self.searcher.num_docs() * work)?;
            make(&self.segments)
        })
    }

    /// Counts over all courses, computed when they are first needed.
    pub fn course_counts(&self) -> Result<&CourseCounts> {
        self.shared(&self.course_counts, COURSE_COUNTS_WORK, CourseCounts::new)
    }

    /// Columns of all courses for learning paths, read when they are first needed.
    pub fn course_columns(&self) -> Result<&CourseColumns> {
        self.shared(&self.course_columns, COURSE_COLUMNS_WORK, CourseColumns::new)
    }

    /// Languages of the listings, read when a text is first searched for.
    pub(super) fn languages(&self) -> Result<&Languages> {
        self.shared(&self.languages, LANGUAGES_WORK, Languages::new)
    }

    /// Aliases of all skills, read when a text is first searched for.
    pub(super) fn synonyms(&self) -> Result<&Synonyms> {
        self.shared(&self.synonyms, SYNONYMS_WORK, Synonyms::new)
    }
}
