//! Courses that match a search: those of its text that meet its conditions.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::query::{AllQuery, Query, Weight};
use tantivy::{DocId, Score, TERMINATED};

use super::condition::Condition;
use super::evaluation::{TextMatches, TextSegment};
use super::fields::DocKind;
use super::reader::Reader;
use super::segment::Segment;
use super::statistics::weight;
use super::text::QueryBuilder;
use super::text_query::{Strictness, TextQuery};
use crate::error::{Error, Result};

/// Number of hits of a text between two checks of the meter.
const METER_INTERVAL: usize = 1_024;
/// Work units per hit, besides its words.
const HIT_WORK: u64 = 5;

/// Subject of a top-level condition of a search, by which a facet ignores its own. Each occurs once in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the facets")]
pub enum FilterClause {
    Kinds,
    Levels,
    Formats,
    Schedules,
    Subjects,
    Skills,
    Providers,
    Careers,
    Languages,
    Price,
    Ratings,
    /// Subject without a facet, by the name of its condition.
    Other(&'static str),
}

impl FilterClause {
    /// Name of the condition.
    pub fn name(self) -> &'static str {
        match self {
            FilterClause::Kinds => "kind",
            FilterClause::Levels => "level",
            FilterClause::Formats => "format",
            FilterClause::Schedules => "schedule",
            FilterClause::Subjects => "subject",
            FilterClause::Skills => "skills",
            FilterClause::Providers => "provider",
            FilterClause::Careers => "career",
            FilterClause::Languages => "language",
            FilterClause::Price => "price",
            FilterClause::Ratings => "rating",
            FilterClause::Other(name) => name,
        }
    }
}

/// Conditions of a search with their subjects. All must be met.
pub type FilterClauses = Vec<(FilterClause, Condition)>;

/// Search for courses, which a resolver keeps to run it again.
#[derive(Clone, Debug, Default)]
pub struct CourseSearch {
    /// Text.
    pub text: Option<String>,
    /// Conditions.
    pub clauses: FilterClauses,
}

impl CourseSearch {
    /// Runs the search. Cached results of the request are reused.
    pub fn find(&self, reader: &Reader) -> Result<Matches> {
        Matches::find(reader, self.text.as_deref(), &self.clauses)
    }
}

/// Courses that match a search, by segment. Not `Send`, so that no resolver can hold it across an await: sets take much
/// memory, and a request may wait long.
pub struct Matches {
    reader: Reader,
    clauses: Vec<FilterClause>,
    segments: Vec<SegmentMatches>,
    /// Matches of the text; `None` without a text.
    text: Option<Arc<TextMatches>>,
    _not_send: PhantomData<Rc<()>>,
}

/// Matching courses in a segment.
struct SegmentMatches {
    /// Courses that meet each of the conditions.
    clauses: Vec<RoaringBitmap>,
    /// Courses that meet everything.
    documents: RoaringBitmap,
}

impl Matches {
    /// Finds the courses that match this text and meet these conditions.
    pub fn find(reader: &Reader, text: Option<&str>, clauses: &[(FilterClause, Condition)]) -> Result<Self> {
        let text = text.map(|text| reader.evaluation.text(text, || search_text(reader, text))).transpose()?;
        let segments = Vec::with_capacity(reader.segments.len());
        let names = clauses.iter().map(|(clause, _)| *clause).collect();
        let mut matches = Self { reader: reader.clone(), clauses: names, segments, text, _not_send: PhantomData };
        for segment in reader.segments.iter() {
            let clauses = clauses.iter().map(|(_, condition)| condition.courses(reader, segment));
            let clauses = clauses.collect::<Result<Vec<_>>>()?;
            reader.meter().charge_each(2 * clauses.len() + 1, segment.set_work())?;
            let documents = clauses.iter().fold(matches.text_documents(segment)?.clone(), |all, clause| all & clause);
            matches.segments.push(SegmentMatches { clauses, documents });
        }
        Ok(matches)
    }

    /// Courses of the text in a segment, or all courses without a text.
    fn text_documents<'a>(&'a self, segment: &'a Segment) -> Result<&'a RoaringBitmap> {
        let Some(text) = &self.text else { return segment.courses() };
        let found = text.segments.get(segment.ordinal).ok_or_else(|| Error::internal("no such segment"))?;
        Ok(&found.documents)
    }

    /// How strictly the text was matched.
    pub fn strictness(&self) -> Strictness {
        self.text.as_ref().map_or(Strictness::default(), |text| text.strictness)
    }

    /// Number of courses.
    pub fn count(&self) -> usize {
        self.segments.iter().map(|found| found.documents.len() as usize).sum()
    }

    /// Number of courses without each of the conditions, in their order.
    pub fn relaxed(&self) -> Result<Vec<(&'static str, usize)>> {
        let count = |clause: &FilterClause| {
            let counts = self.without(*clause, 0)?.into_iter().map(|(_, documents)| documents.len() as usize);
            Ok((clause.name(), counts.sum()))
        };
        self.clauses.iter().map(count).collect()
    }

    /// Number of courses without the text.
    pub fn without_text(&self) -> Result<usize> {
        let counts = self.reader.segments.iter().zip(&self.segments).map(|(segment, found)| {
            self.charge_sets(segment)?;
            let met = found.clauses.iter().fold(segment.courses()?.clone(), |all, clause| all & clause);
            Ok(met.len() as usize)
        });
        counts.sum()
    }

    /// Number of courses without each word of the text. Empty if one of them was already dropped.
    pub fn without_words(&self, text: &str) -> Result<Vec<(String, usize)>> {
        let text_query = TextQuery::of(text)?.filter(|_| self.strictness() != Strictness::AllButOne);
        let builder = QueryBuilder { reader: &self.reader, kind: DocKind::Course, last_word_prefix: false };
        let count = |(word, rest): (String, TextQuery)| {
            let found = score(&self.reader, &*builder.query(&rest, Strictness::All)?)?;
            let met = found.into_iter().zip(&self.segments);
            let met = met.map(|(found, own)| {
                own.clauses.iter().fold(found.documents, |all, clause| all & clause).len() as usize
            });
            Ok((word, met.sum()))
        };
        text_query.iter().flat_map(TextQuery::without_each).map(count).collect()
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Segments with their matching documents.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&Segment, &RoaringBitmap)> {
        self.reader.segments.iter().zip(&self.segments).map(|(segment, found)| (segment, &found.documents))
    }

    /// Scores of the text in a segment, by document; `None` if no word was searched for.
    pub(super) fn scores(&self, segment: usize) -> Option<&[(DocId, Score)]> {
        self.text.as_ref()?.segments.get(segment).map(|found| found.scores.as_slice())
    }

    /// Score of a document; `None` if no word was searched for.
    pub(super) fn score(&self, segment: usize, document: DocId) -> Option<Score> {
        let scores = self.scores(segment)?;
        let at = scores.binary_search_by_key(&document, |(document, _)| *document).ok()?;
        scores.get(at).map(|(_, score)| *score)
    }

    /// Segments with the documents that match without the condition on this subject. Charges work per document.
    pub(super) fn without(&self, clause: FilterClause, work: u64) -> Result<Vec<(&Segment, Cow<'_, RoaringBitmap>)>> {
        let each = self.reader.segments.iter().zip(&self.segments).map(|(segment, found)| {
            let documents = if self.clauses.contains(&clause) {
                self.charge_sets(segment)?;
                let others = self.clauses.iter().zip(&found.clauses).filter(|(other, _)| **other != clause);
                Cow::Owned(others.fold(self.text_documents(segment)?.clone(), |all, (_, other)| all & other))
            } else {
                Cow::Borrowed(&found.documents)
            };
            self.reader.meter().charge(documents.len() * work)?;
            Ok((segment, documents))
        });
        each.collect()
    }

    /// Charges combining all conditions.
    fn charge_sets(&self, segment: &Segment) -> Result<()> {
        self.reader.meter().charge_each(self.clauses.len() + 1, segment.set_work())
    }
}

/// Finds the courses of a text with the first strictness that finds any. A text without a word matches everything
/// equally.
fn search_text(reader: &Reader, text: &str) -> Result<TextMatches> {
    let Some(text_query) = TextQuery::of(text)? else {
        return Ok(TextMatches { strictness: Strictness::All, segments: score(reader, &AllQuery)? });
    };
    let builder = QueryBuilder { reader, kind: DocKind::Course, last_word_prefix: false };
    let mut found = TextMatches { strictness: Strictness::All, segments: Vec::new() };
    for strictness in text_query.levels() {
        found = TextMatches { strictness, segments: score(reader, &*builder.query(&text_query, strictness)?)? };
        if found.segments.iter().any(|found| !found.scores.is_empty()) {
            break;
        }
    }
    Ok(found)
}

/// Rounds a score. Its last digits depend on the order in which the library adds, and so on the segment.
fn rounded(score: Score) -> Score {
    (score * 1024.0).round() / 1024.0
}

fn score(reader: &Reader, query: &dyn Query) -> Result<Vec<TextSegment>> {
    let weight = weight(reader, query)?;
    reader.segments.iter().map(|segment| score_segment(reader, segment, &*weight)).collect()
}

fn score_segment(reader: &Reader, segment: &Segment, weight: &dyn Weight) -> Result<TextSegment> {
    let courses = segment.courses()?;
    let mut scorer = weight.scorer(&segment.reader, 1.0)?;
    let mut scores = Vec::new();
    let mut document = scorer.doc();
    while document != TERMINATED {
        if courses.contains(document) {
            scores.push((document, rounded(scorer.score())));
            if scores.len().is_multiple_of(METER_INTERVAL) {
                reader.meter().charge_each(METER_INTERVAL, HIT_WORK)?;
            }
        }
        document = scorer.advance();
    }
    let documents = RoaringBitmap::from_sorted_iter(scores.iter().map(|(document, _)| *document));
    Ok(TextSegment { documents: documents.map_err(Error::internal)?, scores })
}
