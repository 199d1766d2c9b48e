//! Courses that match a search: those of its text that meet its conditions.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::query::{AllQuery, Query, Weight};
use tantivy::{DocId, Score, TERMINATED};

use super::condition::Condition;
use super::evaluation::{TextMatches, TextSegment};
use super::fields::DocKind;
use super::filter::{Matcher, SegmentScope};
use super::raise::{Raise, StatedFact};
use super::reader::Reader;
use super::segment::Segment;
use super::statistics::weight;
use super::text::QueryBuilder;
use super::text_query::{Strictness, TextQuery};
use crate::error::{Error, Result};

/// Number of hits of a text between two checks of the meter.
const METER_INTERVAL: usize = 1_024;
/// Number of courses of a text, per segment, that are tested for the filter one by one.
const TESTED_COURSES: usize = 64;
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

/// Courses that match a search. What a page, a count or a facet needs of them is found when it is asked for. Not `Send`,
/// so that no resolver can hold it across an await: sets take much memory, and a request may wait long.
pub struct Matches {
    reader: Reader,
    conditions: FilterClauses,
    /// Text as typed, with its matches; `None` without a text.
    text: Option<(String, Arc<TextMatches>)>,
    _not_send: PhantomData<Rc<()>>,
}

impl Matches {
    /// Finds the courses that match this text and meet these conditions.
    pub fn find(reader: &Reader, text: Option<&SearchText>, conditions: &[(FilterClause, Condition)]) -> Result<Self> {
        let (reader, conditions) = (reader.clone(), conditions.to_vec());
        let mut matches = Self { reader, conditions, text: None, _not_send: PhantomData };
        if let Some(text) = text {
            let found = search_text(&matches.reader, text, &matches)?;
            matches.text = Some((text.text.clone(), found));
        }
        Ok(matches)
    }

    /// How strictly the text was matched.
    pub fn strictness(&self) -> Strictness {
        self.text().map_or(Strictness::default(), |text| text.strictness)
    }

    /// Number of courses.
    pub fn count(&self) -> Result<usize> {
        Ok(total(&self.courses(|_| true, true)?))
    }

    /// Number of courses without each of the conditions, in their order.
    pub fn relaxed(&self) -> Result<Vec<(&'static str, usize)>> {
        let mut names: Vec<&'static str> = self.conditions.iter().map(|(clause, _)| clause.name()).collect();
        names.dedup();
        let count = |name: &'static str| Ok((name, total(&self.courses(|clause| clause.name() != name, true)?)));
        names.into_iter().map(count).collect()
    }

    /// Number of courses without the text.
    pub fn without_text(&self) -> Result<usize> {
        Ok(total(&self.courses(|_| true, false)?))
    }

    /// Number of courses without each word of the text. Empty if one of them was already dropped.
    pub fn without_words(&self, text: &SearchText) -> Result<Vec<(String, usize)>> {
        let text_query = text.parse()?.filter(|_| !self.strictness().spares_words());
        let builder = QueryBuilder { reader: &self.reader, kind: DocKind::Course, last_word_prefix: false };
        let within = self.courses(|_| true, false)?;
        let count = |(word, rest): (String, TextQuery)| {
            let found = score(&self.reader, &*builder.query(&rest, Strictness::All)?)?;
            let met =
                found.iter().zip(&*within).map(|(found, within)| found.documents.intersection_len(within) as usize);
            Ok((word, met.sum()))
        };
        text_query.iter().flat_map(TextQuery::without_each).map(count).collect()
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    fn text(&self) -> Option<&TextMatches> {
        self.text.as_ref().map(|(_, found)| &**found)
    }

    /// Whether every course would match without the condition on this subject.
    pub(super) fn is_everything_without(&self, clause: FilterClause) -> bool {
        self.text.is_none() && self.conditions.iter().all(|(other, _)| *other == clause)
    }

    /// Test for single courses of a segment. It does not tell deleted ones apart.
    pub(super) fn matcher<'a>(&'a self, segment: &'a Segment) -> Result<Matcher<'a>> {
        let at = SegmentScope::courses(&self.reader, segment);
        let mut parts =
            self.conditions.iter().map(|(_, condition)| condition.matcher(at)).collect::<Result<Vec<_>>>()?;
        if let Some(text) = self.text() {
            let found = text.segments.get(segment.ordinal).ok_or_else(|| Error::internal("no such segment"))?;
            parts.push(Matcher::Set(found.documents.clone()));
        }
        Ok(Matcher::all(parts))
    }

    /// Matching courses of a segment.
    pub(super) fn courses_in(&self, segment: &Segment) -> Result<RoaringBitmap> {
        let conditions: Vec<&Condition> = self.conditions.iter().map(|(_, condition)| condition).collect();
        self.find_courses(segment, &conditions, self.text())
    }

    fn find_courses(
        &self,
        segment: &Segment,
        conditions: &[&Condition],
        text: Option<&TextMatches>,
    ) -> Result<RoaringBitmap> {
        let text = text.and_then(|text| text.segments.get(segment.ordinal)).map(|found| &found.documents);
        let within: Vec<_> = std::iter::once(segment.courses()).chain(text).collect();
        SegmentScope::courses(&self.reader, segment).matching(conditions, &within)
    }

    /// Courses by segment that meet the conditions on these subjects, and match the text if asked to. Found once per
    /// request.
    fn courses(&self, is_kept: impl Fn(FilterClause) -> bool, with_text: bool) -> Result<Arc<Vec<RoaringBitmap>>> {
        let conditions: Vec<&Condition> =
            self.conditions.iter().filter(|(clause, _)| is_kept(*clause)).map(|(_, condition)| condition).collect();
        let text = self.text.as_ref().filter(|_| with_text);
        let find = || {
            let text = text.map(|(_, found)| &**found);
            self.reader.segments.iter().map(|segment| self.find_courses(segment, &conditions, text)).collect()
        };
        let text = text.map(|(text, found)| (text.clone(), found.strictness));
        self.reader.evaluation.courses((conditions.iter().map(|it| (*it).clone()).collect(), text), find)
    }

    /// Matching courses, by segment.
    pub(super) fn segments(&self) -> Result<SegmentSets<'_>> {
        Ok(SegmentSets { reader: &self.reader, sets: self.courses(|_| true, true)? })
    }

    /// Courses that match without the condition on this subject, by segment.
    pub(super) fn without(&self, clause: FilterClause) -> Result<SegmentSets<'_>> {
        Ok(SegmentSets { reader: &self.reader, sets: self.courses(|other| other != clause, true)? })
    }

    /// Scores of the text in a segment, by document; `None` if no word was searched for.
    pub(super) fn scores(&self, segment: usize) -> Option<&[(DocId, Score)]> {
        self.text()?.segments.get(segment).map(|found| found.scores.as_slice())
    }

    /// Score of a document; `None` if no word was searched for.
    pub(super) fn score(&self, segment: usize, document: DocId) -> Option<Score> {
        let scores = self.scores(segment)?;
        let at = scores.binary_search_by_key(&document, |(document, _)| *document).ok()?;
        scores.get(at).map(|(_, score)| *score)
    }
}

/// Sets of courses, by segment.
pub(super) struct SegmentSets<'a> {
    reader: &'a Reader,
    sets: Arc<Vec<RoaringBitmap>>,
}

impl SegmentSets<'_> {
    /// Segments with their courses.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Segment, &RoaringBitmap)> {
        self.reader.segments.iter().zip(&*self.sets)
    }

    /// The same, charging work per course first.
    pub(super) fn charged(&self, work: u64) -> Result<impl Iterator<Item = (&Segment, &RoaringBitmap)>> {
        self.reader.meter().charge_each(total(&self.sets), work)?;
        Ok(self.iter())
    }
}

fn total(sets: &[RoaringBitmap]) -> usize {
    sets.iter().map(|documents| documents.len() as usize).sum()
}

/// Finds the courses of a text with the first strictness that finds any within the filter; if none does, with the first
/// that finds any at all. A text without a word matches everything equally.
fn search_text(reader: &Reader, text: &SearchText, filter: &Matches) -> Result<Arc<TextMatches>> {
    let Some(text_query) = text.parse()? else {
        let everything = || Ok(TextMatches { strictness: Strictness::All, segments: score(reader, &AllQuery)? });
        return reader.evaluation.text(&text.text, Strictness::All, everything);
    };
    let mut outside: Option<Arc<TextMatches>> = None;
    for strictness in text_query.levels() {
        let find = || find_text(reader, text, &text_query, strictness);
        let found = reader.evaluation.text(&text.text, strictness, find)?;
        if has_any_within(&found, filter)? {
            return Ok(found);
        }
        let has_any = outside.as_ref().is_some_and(|best| best.segments.iter().any(|found| !found.scores.is_empty()));
        if !has_any {
            outside = Some(found);
        }
    }
    outside.ok_or_else(|| Error::internal("a text has no strictness"))
}

/// Whether any course of a text meets the conditions. Looks at the first ones before it combines sets.
fn has_any_within(found: &TextMatches, filter: &Matches) -> Result<bool> {
    for (segment, found) in filter.reader.segments.iter().zip(&found.segments) {
        let matcher = filter.matcher(segment)?;
        if found.documents.iter().take(TESTED_COURSES).any(|document| matcher.matches(document)) {
            return Ok(true);
        }
    }
    let within = filter.courses(|_| true, false)?;
    Ok(found.segments.iter().zip(&*within).any(|(found, within)| !found.documents.is_disjoint(within)))
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
    let courses = segment.courses();
    let mut scorer = weight.scorer(segment.reader(), 1.0)?;
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
    Ok(TextSegment { documents: Arc::new(documents.map_err(Error::internal)?), scores })
}
