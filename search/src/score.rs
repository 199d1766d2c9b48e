//! Scores courses by weighted clauses: one pass over the columns of the index, without a statement to the database.
//! Does not belong here: the input of the API, and the weights.

use std::ops::RangeInclusive;

use entity::SkillLevel;
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;
use tantivy::columnar::Column;

use super::Reader;
use super::condition::Condition;
use super::fit;
use super::matches::Matches;
use super::segment::Segment;
use super::top_courses::{Ranked, TopCourses, merge_top};
use crate::error::{Error, Result};

/// Work units charged for evaluating one clause on one course.
const CLAUSE_WORK: u64 = 5;

/// Clause with its weight.
#[derive(Clone, Debug)]
pub struct WeightedClause {
    /// Weight relative to the other clauses, above 0.
    pub weight: f64,
    /// Clause to score by.
    pub clause: ScoreClause,
}

/// Property that courses are scored by.
#[derive(Clone, Debug)]
pub enum ScoreClause {
    /// A condition is met. Unknown if the second condition, which tells whether the listing states anything about it,
    /// is not met.
    Meets(Condition, Condition),
    /// It teaches these skills.
    Teaches(FxHashSet<i64>),
    /// It requires no other skills than these, and none at a higher level.
    RequiresOnly(FxHashMap<i64, SkillLevel>),
    /// It costs an amount in this range, in minor units of this currency. Free is free in every currency.
    CostsWithin(String, RangeInclusive<i64>),
    /// It takes at most this many weeks, as stated, or else at this many hours per week.
    TakesWeeks(i64, Option<i64>),
    /// It takes at most this many hours per week.
    TakesHoursPerWeek(i64),
    /// It is well rated.
    IsRated,
}

/// Course with its score.
#[derive(Clone, Debug)]
pub struct ScoredCourse {
    /// ID of the course.
    pub id: i64,
    /// Weighted mean of the clause scores, 0 to 1.
    pub score: f64,
    /// Score for each clause, 0 to 1; `None` if the listing does not state it.
    pub clause_scores: Vec<Option<f64>>,
}

/// Courses with the best fit: by score descending, then by title, then by ID.
pub fn score_courses(matches: &Matches, clauses: &[WeightedClause], keep: usize) -> Result<Vec<ScoredCourse>> {
    let mut found = Vec::new();
    let reader = matches.reader();
    for segment_index in 0..reader.segments.len() {
        let (segment, documents) = matches.segment(segment_index)?;
        let readers =
            clauses.iter().map(|clause| Ok((clause.weight, ClauseReader::open(&clause.clause, reader, segment)?)));
        let readers = readers.collect::<Result<Vec<_>>>()?;
        reader.meter().charge_each(documents.len() as usize * readers.len(), CLAUSE_WORK)?;
        let mut top = TopCourses::new(segment, keep)?;
        for document in documents {
            top.offer(fit::mean(readers.iter().map(|(weight, reader)| (*weight, reader.fit(document)))), document);
        }
        for course in top.courses()? {
            let clause_scores: Vec<_> = readers.iter().map(|(_, reader)| reader.fit(course.document)).collect();
            found.push((course, clause_scores));
        }
    }
    let fit = |(course, clause_scores): (Ranked, _)| ScoredCourse { id: course.id, score: course.score, clause_scores };
    Ok(merge_top(found, keep).into_iter().map(fit).collect())
}

/// Columns of a segment that a clause is evaluated on.
enum ClauseReader<'a> {
    Meets { met: RoaringBitmap, stated: RoaringBitmap },
    Teaches { skills: &'a Column<i64>, wanted: &'a FxHashSet<i64> },
    RequiresOnly(RequirementsReader<'a>),
    CostsWithin { prices: &'a Column<i64>, stated: RoaringBitmap, range: &'a RangeInclusive<i64> },
    TakesWeeks { weeks: &'a Column<i64>, hours: &'a Column<i64>, max: i64, hours_per_week: Option<i64> },
    TakesHoursPerWeek { hours: &'a Column<f64>, max: f64 },
    IsRated { scores: &'a Column<f64> },
}

impl<'a> ClauseReader<'a> {
    fn open(clause: &'a ScoreClause, reader: &Reader, segment: &'a Segment) -> Result<Self> {
        let fields = &segment.fields;
        Ok(match clause {
            ScoreClause::Meets(met, stated) => {
                ClauseReader::Meets { met: met.courses(reader, segment)?, stated: stated.courses(reader, segment)? }
            }
            ScoreClause::Teaches(wanted) => ClauseReader::Teaches { skills: segment.numbers(fields.skill)?, wanted },
            ScoreClause::RequiresOnly(known) => {
                let [basic, familiar, proficient] = fields.needs();
                let open = |(level, field)| Ok::<_, Error>((level, segment.numbers(field)?));
                let needs = [open(basic)?, open(familiar)?, open(proficient)?];
                let (none, more) = (segment.numbers(fields.no_prerequisites)?, segment.numbers(fields.asks_more)?);
                ClauseReader::RequiresOnly(RequirementsReader { skills: needs, none, more, known })
            }
            ScoreClause::CostsWithin(currency, range) => {
                let stated = segment.priced_in(currency, reader.meter())?;
                ClauseReader::CostsWithin { prices: segment.numbers(fields.price)?, stated, range }
            }
            ScoreClause::TakesWeeks(max, hours_per_week) => {
                let (weeks, hours) = (segment.numbers(fields.weeks)?, segment.numbers(fields.hours)?);
                ClauseReader::TakesWeeks { weeks, hours, max: *max, hours_per_week: *hours_per_week }
            }
            ScoreClause::TakesHoursPerWeek(max) => {
                ClauseReader::TakesHoursPerWeek { hours: segment.fractions(fields.hours_per_week)?, max: *max as f64 }
            }
            ScoreClause::IsRated => ClauseReader::IsRated { scores: segment.fractions(fields.score)? },
        })
    }

    /// Fit of a course; `None` if its listing does not state it.
    fn fit(&self, course: DocId) -> Option<f64> {
        match self {
            ClauseReader::Meets { met, .. } if met.contains(course) => Some(1.0),
            ClauseReader::Meets { stated, .. } => stated.contains(course).then_some(0.0),
            ClauseReader::Teaches { skills, wanted } => {
                let mut taught = skills.values_for_doc(course).peekable();
                taught.peek()?;
                Some(fit::some_of(taught.filter(|skill| wanted.contains(skill)).count(), wanted.len()))
            }
            ClauseReader::RequiresOnly(needs) => needs.fit(course),
            ClauseReader::CostsWithin { prices, stated, range } => {
                let price = prices.first(course).filter(|_| stated.contains(course))? as f64;
                let (min, max) = (*range.start() as f64, *range.end() as f64);
                Some(fit::at_most(price, max).min(fit::at_least(price, min)))
            }
            ClauseReader::TakesWeeks { weeks, hours, max, hours_per_week } => {
                let at_this_pace = || Some(weeks_of(hours.first(course)?, (*hours_per_week)?));
                let weeks = weeks.first(course).or_else(at_this_pace)?;
                Some(fit::at_most(weeks as f64, *max as f64))
            }
            ClauseReader::TakesHoursPerWeek { hours, max } => Some(fit::at_most(hours.first(course)?, *max)),
            ClauseReader::IsRated { scores } => scores.first(course).map(fit::stars),
        }
    }
}

/// Number of weeks that these hours take, rounded up.
pub fn weeks_of(hours: i64, hours_per_week: i64) -> i64 {
    hours.saturating_add(hours_per_week - 1) / hours_per_week.max(1)
}

/// Requirements of courses compared with known skills.
struct RequirementsReader<'a> {
    skills: [(SkillLevel, &'a Column<i64>); 3],
    /// Whether it requires nothing.
    none: &'a Column<i64>,
    /// Whether it requires more than skills.
    more: &'a Column<i64>,
    known: &'a FxHashMap<i64, SkillLevel>,
}

impl RequirementsReader<'_> {
    fn fit(&self, course: DocId) -> Option<f64> {
        if self.none.first(course) == Some(1) {
            return Some(1.0);
        }
        let (mut needed, mut there) = (0, 0);
        for (level, skills) in &self.skills {
            for skill in skills.values_for_doc(course) {
                needed += 1;
                there += usize::from(self.known.get(&skill).is_some_and(|known| known >= level));
            }
        }
        // Nobody has said whether they meet the other requirements, so it is only certain that they do not meet all.
        let is_open = needed == 0 || there == needed && self.more.first(course).is_some();
        (!is_open).then(|| fit::all_of(there, needed))
    }
}
