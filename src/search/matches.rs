//! The courses that a search finds: those of its text that meet its conditions.

use std::borrow::Cow;

use roaring::RoaringBitmap;
use tantivy::query::{AllQuery, EnableScoring, Query};
use tantivy::{DocId, Score, TERMINATED};

use super::filter::Condition;
use super::question::{Question, Step};
use super::segment::Segment;
use super::statistics::Statistics;
use super::text::Asker;
use super::{DocKind, Reader};
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
    /// How much of the text was insisted on; `None` where there is none.
    step: Option<Step>,
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
        let (step, mut segments) = match text {
            Some(text) => asked(reader, text).map(|(step, found)| (Some(step), found))?,
            None => (None, reader.segments.iter().map(everything).collect::<Result<_>>()?),
        };
        for (segment, found) in reader.segments.iter().zip(&mut segments) {
            for (_, condition) in parts {
                found.parts.push(condition.courses(segment)?);
            }
            found.documents = found.parts.iter().fold(found.asked.clone(), |all, part| all & part);
        }
        let parts = parts.iter().map(|(part, _)| *part).collect();
        Ok(Self { reader: reader.clone(), parts, segments, step })
    }

    /// How much of the text was insisted on.
    pub fn step(&self) -> Step {
        self.step.unwrap_or_default()
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

    /// How many there would be without each of the words of the text alone. Nothing where one of them was already spared.
    pub fn without_words(&self, text: &str) -> Result<Vec<(String, usize)>> {
        let question = Question::of(text)?.filter(|_| self.step() != Step::AllButOne);
        let asker = Asker { reader: &self.reader, kind: DocKind::Course, beginnings: false };
        let count = |(word, rest): (String, Question)| {
            let found = run(&self.reader, &*asker.query(&rest, Step::All)?)?;
            let met = found.into_iter().zip(&self.segments);
            let met = met.map(|(found, own)| own.parts.iter().fold(found.asked, |all, part| all & part).len() as usize);
            Ok((word, met.sum()))
        };
        question.iter().flat_map(Question::without_each).map(count).collect()
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
        self.segments.get(place).filter(|_| self.step.is_some()).map(|found| found.scores.as_slice())
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

fn everything(segment: &Segment) -> Result<Found> {
    Ok(Found { asked: segment.courses()?.clone(), ..Found::default() })
}

/// The courses of a text, at the first step at which there are any. One without a word finds everything, each as well as
/// the other.
fn asked(reader: &Reader, text: &str) -> Result<(Step, Vec<Found>)> {
    let Some(question) = Question::of(text)? else { return Ok((Step::All, run(reader, &AllQuery)?)) };
    let asker = Asker { reader, kind: DocKind::Course, beginnings: false };
    let mut found = (Step::All, Vec::new());
    for step in question.steps() {
        found = (step, run(reader, &*asker.query(&question, step)?)?);
        if found.1.iter().any(|found| !found.scores.is_empty()) {
            break;
        }
    }
    Ok(found)
}

/// A score without the last digits: they depend on the order in which the library adds up, and that on the segment.
fn rounded(score: Score) -> Score {
    (score * 1024.0).round() / 1024.0
}

fn run(reader: &Reader, query: &dyn Query) -> Result<Vec<Found>> {
    let statistics = Statistics(reader);
    let weight = query.weight(EnableScoring::enabled_from_statistics_provider(&statistics, &reader.searcher))?;
    let found = reader.segments.iter().map(|segment| {
        let courses = segment.courses()?;
        let mut scorer = weight.scorer(&segment.reader, 1.0)?;
        let mut scores = Vec::new();
        let mut document = scorer.doc();
        while document != TERMINATED {
            if courses.contains(document) {
                scores.push((document, rounded(scorer.score())));
            }
            document = scorer.advance();
        }
        let asked = RoaringBitmap::from_sorted_iter(scores.iter().map(|(document, _)| *document));
        Ok(Found { asked: asked.map_err(AppError::internal)?, scores, ..Found::default() })
    });
    found.collect()
}
