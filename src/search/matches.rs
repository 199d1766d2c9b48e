//! The courses that a search finds: those of its text that meet its conditions.

use std::borrow::Cow;

use roaring::RoaringBitmap;
use tantivy::query::{AllQuery, EnableScoring, Query};
use tantivy::{DocId, Score, TERMINATED};

use super::filter::Condition;
use super::segment::Segment;
use super::{Reader, course_query};
use crate::error::{AppError, Result};

/// What a condition at the top of a search is on: what a facet counts, and so leaves out, among them. Each stands in a
/// search once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the facets")]
pub enum Part {
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
    /// What no facet counts, by the name of its condition.
    Other(&'static str),
}

impl Part {
    /// The name of the condition on it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Kinds => "kind",
            Part::Levels => "level",
            Part::Formats => "format",
            Part::Schedules => "schedule",
            Part::Subjects => "subject",
            Part::Skills => "skills",
            Part::Providers => "provider",
            Part::Careers => "career",
            Part::Languages => "language",
            Part::Price => "price",
            Part::Ratings => "rating",
            Part::Other(name) => name,
        }
    }
}

/// The conditions of a search, all of which have to be met, each with what it is on.
pub type Parts = Vec<(Part, Condition)>;

/// The courses that a search finds, segment by segment.
pub struct Matches {
    reader: Reader,
    parts: Vec<Part>,
    segments: Vec<Found>,
    /// Whether a text with words was searched for.
    scored: bool,
}

/// The courses that it finds in a segment.
#[derive(Default)]
struct Found {
    /// Those of the text, with their scores, in the order of the documents.
    scores: Vec<(DocId, Score)>,
    /// Those of the text, or all courses where there is none.
    asked: RoaringBitmap,
    /// Those that meet each of the conditions.
    parts: Vec<RoaringBitmap>,
    /// Those that meet all of it.
    documents: RoaringBitmap,
}

impl Matches {
    /// Finds the courses of this text that meet these conditions.
    pub fn find(reader: &Reader, text: Option<&str>, parts: &[(Part, Condition)]) -> Result<Self> {
        // A text without a word finds everything, each as well as the other.
        let everything = || -> Box<dyn Query> { Box::new(AllQuery) };
        let query = text.map(|text| course_query(reader, text)).transpose()?;
        let query = query.map(|query| query.unwrap_or_else(everything));
        let segments = reader.segments.iter().enumerate();
        let found = segments.map(|(place, segment)| {
            let mut found = asked(reader, query.as_deref(), place, segment)?;
            for (_, condition) in parts {
                found.parts.push(condition.courses(segment)?);
            }
            found.documents = found.parts.iter().fold(found.asked.clone(), |all, part| all & part);
            Ok(found)
        });
        let segments = found.collect::<Result<_>>()?;
        let parts = parts.iter().map(|(part, _)| *part).collect();
        Ok(Self { reader: reader.clone(), parts, segments, scored: query.is_some() })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.segments.iter().map(|found| found.documents.len() as usize).sum()
    }

    /// How many there would be without each of the conditions alone, in their order.
    pub fn relaxed(&self) -> Vec<(&'static str, usize)> {
        let count = |part| self.without(part).map(|(_, documents)| documents.len() as usize).sum();
        self.parts.iter().map(|part| (part.name(), count(*part))).collect()
    }

    /// How many there would be without the text.
    pub fn without_text(&self) -> Result<usize> {
        let counts = self.reader.segments.iter().zip(&self.segments).map(|(segment, found)| {
            let met =
                found.parts.iter().try_fold(segment.courses()?.clone(), |all, part| Ok::<_, AppError>(all & part));
            Ok(met?.len() as usize)
        });
        counts.sum()
    }

    /// The segments that are searched.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.reader.segments
    }

    /// A segment and the documents found in it.
    pub(super) fn segment(&self, place: usize) -> Result<(&Segment, &RoaringBitmap)> {
        let pair = self.reader.segments.get(place).zip(self.segments.get(place));
        pair.map(|(segment, found)| (segment, &found.documents)).ok_or_else(|| AppError::internal("no such segment"))
    }

    /// The documents of the text in a segment, with their scores; `None` where no word was searched for.
    pub(super) fn scores(&self, place: usize) -> Option<&[(DocId, Score)]> {
        self.segments.get(place).filter(|_| self.scored).map(|found| found.scores.as_slice())
    }

    /// The score of a document; `None` where no word was searched for.
    pub(super) fn score(&self, place: usize, document: DocId) -> Option<Score> {
        let scores = self.scores(place)?;
        let at = scores.binary_search_by_key(&document, |(document, _)| *document).ok()?;
        scores.get(at).map(|(_, score)| *score)
    }

    /// Each segment with the documents found in it, the condition on this part left out.
    pub(super) fn without(&self, part: Part) -> impl Iterator<Item = (&Segment, Cow<'_, RoaringBitmap>)> {
        self.reader.segments.iter().zip(&self.segments).map(move |(segment, found)| {
            if !self.parts.contains(&part) {
                return (segment, Cow::Borrowed(&found.documents));
            }
            let others = self.parts.iter().zip(&found.parts).filter(|(other, _)| **other != part);
            (segment, Cow::Owned(others.fold(found.asked.clone(), |all, (_, other)| all & other)))
        })
    }
}

fn asked(reader: &Reader, query: Option<&dyn Query>, place: usize, segment: &Segment) -> Result<Found> {
    let courses = segment.courses()?;
    let Some(query) = query else { return Ok(Found { asked: courses.clone(), ..Found::default() }) };
    let weight = query.weight(EnableScoring::enabled_from_searcher(&reader.searcher))?;
    let mut scorer = weight.scorer(reader.searcher.segment_reader(place as u32), 1.0)?;
    let mut scores = Vec::new();
    let mut document = scorer.doc();
    while document != TERMINATED {
        if courses.contains(document) {
            scores.push((document, scorer.score()));
        }
        document = scorer.advance();
    }
    let asked = RoaringBitmap::from_sorted_iter(scores.iter().map(|(document, _)| *document));
    Ok(Found { asked: asked.map_err(AppError::internal)?, scores, ..Found::default() })
}
