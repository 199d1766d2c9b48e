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
use super::raise::{Raise, StatedFact};
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
    /// Skills that a course must have all of. Its facet does not ignore it: choosing one more narrows the choice.
    AllSkills,
    Providers,
    Careers,
    Languages,
    Price,
    Ratings,
    /// Subject without a facet, by the name of its condition.
    Other(&'static str),
}

impl FilterClause {
    /// Name of the condition. Subjects that are parts of one condition share it.
    pub fn name(self) -> &'static str {
        match self {
            FilterClause::Kinds => "kind",
            FilterClause::Levels => "level",
            FilterClause::Formats => "format",
            FilterClause::Schedules => "schedule",
            FilterClause::Subjects => "subject",
            FilterClause::Skills | FilterClause::AllSkills => "skills",
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

/// Text of a search with the facts in it.
#[derive(Clone, Debug, Default)]
pub struct SearchText {
    /// Text as typed.
    pub text: String,
    /// Facts, from left to right.
    pub facts: Vec<StatedFact>,
}

impl SearchText {
    /// Parses the text; `None` if it has no word to search by.
    pub(super) fn parse(&self) -> Result<Option<TextQuery>> {
        let ranges: Vec<_> = self.facts.iter().map(|fact| fact.clauses.clone()).collect();
        let mut parsed = TextQuery::with_facts(&self.text, &ranges)?;
        for (words, fact) in parsed.iter_mut().flat_map(|query| &mut query.facts).zip(&self.facts) {
            if !fact.is_searched {
                words.clear();
            }
        }
        Ok(parsed)
    }
}

/// Search for courses, which a resolver keeps to run it again.
#[derive(Clone, Debug, Default)]
pub struct CourseSearch {
    /// Text.
    pub text: Option<SearchText>,
    /// Conditions.
    pub clauses: FilterClauses,
}

impl CourseSearch {
    /// Runs the search. Cached results of the request are reused.
    pub fn find(&self, reader: &Reader) -> Result<Matches> {
        Matches::find(reader, self.text.as_ref(), &self.clauses)
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
    pub fn find(reader: &Reader, text: Option<&SearchText>, conditions: &[(FilterClause, Condition)]) -> Result<Self> {
        let mut segments = Vec::with_capacity(reader.segments.len());
        for segment in reader.segments.iter() {
            let clauses = conditions.iter().map(|(_, condition)| condition.courses(reader, segment));
            let clauses = clauses.collect::<Result<Vec<_>>>()?;
            reader.meter().charge_each(2 * clauses.len() + 1, segment.set_work())?;
            let documents = clauses.iter().skip(1).fold(clauses.first().cloned(), |all, clause| Some(all? & clause));
            segments
                .push(SegmentMatches { documents: documents.map_or_else(|| segment.courses().cloned(), Ok)?, clauses });
        }
        let text = text.map(|text| search_text(reader, text, &segments)).transpose()?;
        for (found, text) in segments.iter_mut().zip(text.iter().flat_map(|text| &text.segments)) {
            found.documents &= &text.documents;
        }
        let clauses = conditions.iter().map(|(clause, _)| *clause).collect();
        Ok(Self { reader: reader.clone(), clauses, segments, text, _not_send: PhantomData })
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
        let mut names: Vec<&'static str> = self.clauses.iter().map(|clause| clause.name()).collect();
        names.dedup();
        let count = |name: &'static str| {
            let counts = self.without_any(|clause| clause.name() == name, 0)?.into_iter();
            Ok((name, counts.map(|(_, documents)| documents.len() as usize).sum()))
        };
        names.into_iter().map(count).collect()
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
    pub fn without_words(&self, text: &SearchText) -> Result<Vec<(String, usize)>> {
        let text_query = text.parse()?.filter(|_| !self.strictness().spares_words());
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
        self.without_any(|other| other == clause, work)
    }

    fn without_any(
        &self,
        is_ignored: impl Fn(FilterClause) -> bool,
        work: u64,
    ) -> Result<Vec<(&Segment, Cow<'_, RoaringBitmap>)>> {
        let each = self.reader.segments.iter().zip(&self.segments).map(|(segment, found)| {
            let documents = if self.clauses.iter().any(|clause| is_ignored(*clause)) {
                self.charge_sets(segment)?;
                let others = self.clauses.iter().zip(&found.clauses).filter(|(other, _)| !is_ignored(**other));
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

/// Finds the courses of a text with the first strictness that finds any within the filter; if none does, with the first
/// that finds any at all. A text without a word matches everything equally.
fn search_text(reader: &Reader, text: &SearchText, within: &[SegmentMatches]) -> Result<Arc<TextMatches>> {
    let Some(text_query) = text.parse()? else {
        let everything = || Ok(TextMatches { strictness: Strictness::All, segments: score(reader, &AllQuery)? });
        return reader.evaluation.text(&text.text, Strictness::All, everything);
    };
    let mut outside: Option<Arc<TextMatches>> = None;
    for strictness in text_query.levels() {
        let find = || find_text(reader, text, &text_query, strictness);
        let found = reader.evaluation.text(&text.text, strictness, find)?;
        let mut pairs = found.segments.iter().zip(within);
        if pairs.any(|(found, filter)| !found.documents.is_disjoint(&filter.documents)) {
            return Ok(found);
        }
        let has_any = outside.as_ref().is_some_and(|best| best.segments.iter().any(|found| !found.scores.is_empty()));
        if !has_any {
            outside = Some(found);
        }
    }
    outside.ok_or_else(|| Error::internal("a text has no strictness"))
}

fn find_text(
    reader: &Reader,
    text: &SearchText,
    text_query: &TextQuery,
    strictness: Strictness,
) -> Result<TextMatches> {
    let builder = QueryBuilder { reader, kind: DocKind::Course, last_word_prefix: false };
    let mut segments = score(reader, &*builder.query(text_query, strictness)?)?;
    if let Some(raise) = Raise::new(&builder, text_query, &text.facts, strictness)? {
        let raised = reader.segments.iter().zip(segments).map(|(segment, found)| raise.apply(segment, found));
        segments = raised.collect::<Result<_>>()?;
    }
    builder.prefer_languages(text_query, strictness, &text.facts, &mut segments)?;
    Ok(TextMatches { strictness, segments })
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
