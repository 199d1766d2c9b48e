//! The index as of one commit, with what its requests share. Does not belong here: what is searched for.
//!
//! A commit changes little, so a reader takes over what still holds from the one before: segments that still exist, with
//! all that they keep, and counts, which it changes by the documents that were added and removed. The follower of the log
//! opens readers, and prepares in new segments what was in use in earlier ones, so that no request pays for a commit.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::Term;
use tantivy::index::SegmentId;

use super::course_columns::CourseColumns;
use super::course_counts::CourseCounts;
use super::evaluation::Evaluation;
use super::fields::{DocKind, Fields};
use super::languages::Languages;
use super::segment::Segment;
use super::segment_data::get_or_try_init;
use super::synonyms::Synonyms;
use crate::error::{Error, Result};
use crate::work::WorkMeter;

/// Work units per document for reading the course columns.
const COURSE_COLUMNS_WORK: u64 = 20;
/// Work units per segment for adding up the languages of the courses.
const LANGUAGES_WORK: u64 = 2_000;
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
    course_counts: Arc<CourseCounts>,
    course_columns: Arc<OnceLock<CourseColumns>>,
    languages: Arc<OnceLock<Languages>>,
    synonyms: Arc<OnceLock<Synonyms>>,
    pub(super) evaluation: Arc<Evaluation>,
}

impl Reader {
    /// Opens a commit. `earlier` is the reader of one before, if there is any.
    pub(super) fn open(searcher: tantivy::Searcher, fields: Arc<Fields>, earlier: Option<&Reader>) -> Result<Self> {
        let known: HashMap<SegmentId, &Segment> =
            earlier.iter().flat_map(|reader| reader.segments.iter()).map(|segment| (segment.id(), segment)).collect();
        let readers = searcher.segment_readers().iter().enumerate();
        let segments = readers
            .map(|(ordinal, reader)| Segment::open(ordinal, reader, &fields, known.get(&reader.segment_id()).copied()));
        let segments: Arc<[Segment]> = segments.collect::<Result<_>>()?;
        let mut reader = Self {
            segments,
            course_counts: Arc::default(),
            course_columns: Arc::default(),
            languages: Arc::default(),
            synonyms: Arc::default(),
            evaluation: Arc::new(Evaluation::new(Arc::new(WorkMeter::unlimited()))),
            searcher,
            fields,
        };
        let Some(earlier) = earlier else {
            reader.course_counts = Arc::new(count_courses(&reader.segments, &[], CourseCounts::default())?);
            return Ok(reader);
        };
        let counts = CourseCounts::clone(&earlier.course_counts);
        reader.course_counts = Arc::new(count_courses(&reader.segments, &earlier.segments, counts)?);
        if has_same(DocKind::Skill, &reader.segments, &earlier.segments)? {
            reader.synonyms = earlier.synonyms.clone();
        } else if earlier.synonyms.get().is_some() {
            reader.synonyms()?;
        }
        Ok(reader)
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
    fn shared<'a, T>(&self, cell: &'a OnceLock<T>, work: u64, make: fn(&Reader) -> Result<T>) -> Result<&'a T> {
        get_or_try_init(cell, || {
            self.charge(work)?;
            make(self)
        })
    }

    /// Counts over all courses.
    pub fn course_counts(&self) -> &CourseCounts {
        &self.course_counts
    }

    /// Columns of all courses for learning paths, read when they are first needed.
    pub fn course_columns(&self) -> Result<&CourseColumns> {
        let work = self.searcher.num_docs() * COURSE_COLUMNS_WORK;
        self.shared(&self.course_columns, work, |reader| CourseColumns::new(&reader.segments))
    }

    /// Languages of the listings, added up when a text is first searched for.
    pub(super) fn languages(&self) -> Result<&Languages> {
        let work = self.segments.len() as u64 * LANGUAGES_WORK;
        self.shared(&self.languages, work, |reader| Languages::new(&reader.segments, reader.course_counts()))
    }

    /// Whether the languages of the listings have been needed.
    pub(super) fn has_languages(&self) -> bool {
        self.languages.get().is_some()
    }

    /// Aliases of all skills, read when a text is first searched for.
    pub(super) fn synonyms(&self) -> Result<&Synonyms> {
        let work = self.searcher.num_docs() * SYNONYMS_WORK;
        self.shared(&self.synonyms, work, |reader| Synonyms::new(&reader.segments))
    }

    /// Whether any document has a term, deleted ones included.
    pub(super) fn has_term(&self, term: &Term) -> Result<bool> {
        for segment in self.segments.iter() {
            if segment.index(term.field())?.doc_freq(term).map_err(Error::internal)? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Changes the counts of an earlier commit by the courses that were added and removed since.
fn count_courses(now: &[Segment], earlier: &[Segment], mut counts: CourseCounts) -> Result<CourseCounts> {
    let known: HashMap<SegmentId, &Segment> = earlier.iter().map(|segment| (segment.id(), segment)).collect();
    for segment in now {
        match known.get(&segment.id()) {
            Some(before) => counts.count(segment, &(&**before.courses() - &**segment.courses()), false)?,
            None => counts.count(segment, segment.courses(), true)?,
        }
    }
    let exists = |segment: &&Segment| now.iter().any(|other| other.id() == segment.id());
    earlier.iter().filter(|segment| !exists(segment)).try_for_each(|gone| counts.count(gone, gone.courses(), false))?;
    Ok(counts)
}

/// Whether two commits have the same documents of a kind in the same segments.
fn has_same(kind: DocKind, now: &[Segment], earlier: &[Segment]) -> Result<bool> {
    let of = |segments: &[Segment]| {
        let sets = segments.iter().map(|segment| Ok((segment.id(), segment.of_kind(kind)?)));
        let sets = sets.filter(|set| !matches!(set, Ok((_, documents)) if documents.is_empty()));
        sets.collect::<Result<HashMap<_, _>>>()
    };
    Ok(of(now)? == of(earlier)?)
}
