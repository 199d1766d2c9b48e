//! Raises courses that state a fact of the search text. It never hides the others. Does not belong here: how facts are
//! recognized in a text.

use std::ops::Range;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::query::Weight;
use tantivy::{DocId, TERMINATED};

use super::condition::Condition;
use super::evaluation::TextSegment;
use super::reader::Reader;
use super::segment::Segment;
use super::statistics::weight;
use super::text::QueryBuilder;
use super::text_query::{Strictness, TextQuery};
use crate::error::{Error, Result};

/// How much a fact counts that only the title states, relative to one of the listing.
const TITLE_SHARE: f32 = 0.5;
/// Share of its score by which a course gains that states a fact: more than a short title counts beside a long one.
const FACT_GAIN: f32 = 2.5;
/// Score of a fact in a text of facts alone: more than its words in a title.
const FACT_SCORE: f32 = 100.0;
/// Work units per course and fact.
const FACT_WORK: u64 = 4;

/// Fact of a search text.
#[derive(Clone, Debug)]
pub struct StatedFact {
    /// Clauses of the text, by index.
    pub clauses: Range<usize>,
    /// Condition that a course meets if it states the fact.
    pub condition: Condition,
    /// Whether a title with these words counts as much.
    pub is_subject: bool,
    /// Whether its words are searched as a text too.
    pub is_searched: bool,
}

/// Facts of a text, ready to be looked up in each segment.
pub(super) struct Raise<'a> {
    reader: &'a Reader,
    facts: Vec<(&'a StatedFact, Box<dyn Weight>)>,
    excluded: Box<dyn Weight>,
    /// Whether a course that states a fact is found without any of the words.
    is_enough: bool,
}

/// Courses of a segment that state a fact.
struct FactSets {
    stated: RoaringBitmap,
    /// Courses whose titles contain its words.
    titled: RoaringBitmap,
    title_share: f32,
}

impl FactSets {
    fn share(&self, document: DocId) -> f32 {
        if self.stated.contains(document) {
            1.0
        } else if self.titled.contains(document) {
            self.title_share
        } else {
            0.0
        }
    }
}

impl<'a> Raise<'a> {
    /// Prepares the facts of a text; `None` without any.
    pub(super) fn new(
        builder: &QueryBuilder<'a>,
        text_query: &TextQuery,
        facts: &'a [StatedFact],
        strictness: Strictness,
    ) -> Result<Option<Self>> {
        if facts.is_empty() {
            return Ok(None);
        }
        let reader = builder.reader;
        let prepare = |(fact, words): (&'a StatedFact, _)| Ok((fact, weight(reader, &*builder.title_query(words))?));
        let facts = facts.iter().zip(text_query.facts.iter().map(Vec::as_slice)).map(prepare);
        let facts = facts.collect::<Result<Vec<_>>>()?;
        let excluded = weight(reader, &*builder.excluded_query(text_query)?)?;
        Ok(Some(Self { reader, facts, excluded, is_enough: text_query.is_only_facts(strictness) }))
    }

    /// Raises the courses that were found in a segment, and adds those that state a fact if that is enough.
    pub(super) fn apply(&self, segment: &Segment, found: TextSegment) -> Result<TextSegment> {
        let sets = self.facts.iter().map(|(fact, title)| self.sets(segment, fact, &**title));
        let sets = sets.collect::<Result<Vec<_>>>()?;
        let mut documents = Arc::unwrap_or_clone(found.documents);
        if self.is_enough {
            let excluded = matching(segment, &*self.excluded)?;
            documents |= sets.iter().fold(RoaringBitmap::new(), |all, sets| all | &sets.stated) - excluded;
        }
        self.reader.meter().charge(documents.len() * sets.len() as u64 * FACT_WORK)?;
        let mut texts = found.scores.into_iter().peekable();
        let mut raised = |document| {
            let text = texts.next_if(|(other, _)| *other == document).map_or(0.0, |(_, score)| score);
            let shares = sets.iter().map(|sets| sets.share(document));
            let score = if self.is_enough {
                text + FACT_SCORE * shares.sum::<f32>()
            } else {
                text * shares.map(|share| 1.0 + FACT_GAIN * share).product::<f32>()
            };
            (document, score)
        };
        let scores = documents.iter().map(&mut raised).collect();
        Ok(TextSegment { scores, documents: Arc::new(documents) })
    }

    fn sets(&self, segment: &Segment, fact: &StatedFact, title: &dyn Weight) -> Result<FactSets> {
        let stated = fact.condition.courses(self.reader, segment)?;
        let title_share = if fact.is_subject { 1.0 } else { TITLE_SHARE };
        Ok(FactSets { stated, titled: matching(segment, title)?, title_share })
    }
}

/// Documents of a segment that a query matches, including deleted ones.
fn matching(segment: &Segment, weight: &dyn Weight) -> Result<RoaringBitmap> {
    let mut scorer = weight.scorer(segment.reader(), 1.0)?;
    let mut found = Vec::new();
    while scorer.doc() != TERMINATED {
        found.push(scorer.doc());
        scorer.advance();
    }
    RoaringBitmap::from_sorted_iter(found).map_err(Error::internal)
}
