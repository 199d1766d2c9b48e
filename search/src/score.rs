//! Scores courses by weighted clauses: one pass over the columns of the index, without a statement to the database.
//! Does not belong here: the input of the API, and the weights.

use std::ops::RangeInclusive;

use entity::SkillLevel;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;

use super::condition::Condition;
use super::filter::SegmentScope;
use super::fit;
use super::matches::Matches;
use super::reader::Reader;
use super::segment::Segment;
use super::top_courses::{Ranked, TopCourses, merge_top};
use crate::error::Result;

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
    for (segment, documents) in matches.segments()?.iter() {
        let fits = clauses.iter().map(|clause| Ok((clause.weight, fit_function(&clause.clause, reader, segment)?)));
        let fits = fits.collect::<Result<Vec<_>>>()?;
        reader.meter().charge_each(documents.len() as usize * fits.len(), CLAUSE_WORK)?;
        let mut top = TopCourses::new(segment, keep)?;
        for document in documents {
            top.offer(fit::mean(fits.iter().map(|(weight, fit)| (*weight, fit(document)))), document);
        }
        found.extend(top.courses()?.into_iter().map(|course| {
            let clause_scores = fits.iter().map(|(_, fit)| fit(course.document)).collect();
            (course, clause_scores)
        }));
    }
    let fit = |(course, clause_scores): (Ranked, _)| ScoredCourse { id: course.id, score: course.score, clause_scores };
    Ok(merge_top(found, keep).into_iter().map(fit).collect())
}

/// Fit of a course by its document; `None` if its listing does not state it.
type FitFunction<'a> = Box<dyn Fn(DocId) -> Option<f64> + 'a>;

/// Opens the columns of a segment that a clause is evaluated on.
fn fit_function<'a>(clause: &'a ScoreClause, reader: &Reader, segment: &'a Segment) -> Result<FitFunction<'a>> {
    let fields = &segment.fields;
    Ok(match clause {
        ScoreClause::Meets(met, stated) => {
            let (met, stated) = (met.courses(reader, segment)?, stated.courses(reader, segment)?);
            Box::new(
                move |course| if met.contains(course) { Some(1.0) } else { stated.contains(course).then_some(0.0) },
            )
        }
        ScoreClause::Teaches(wanted) => {
            let skills = segment.numbers(fields.skill)?;
            Box::new(move |course| {
                let mut taught = skills.values_for_doc(course).peekable();
                taught.peek()?;
                Some(fit::some_of(taught.filter(|skill| wanted.contains(skill)).count(), wanted.len()))
            })
        }
        ScoreClause::RequiresOnly(known) => {
            let (needs, requires_nothing) = (segment.needs()?, segment.numbers(fields.no_prerequisites)?);
            let requires_more = segment.numbers(fields.asks_more)?;
            Box::new(move |course| {
                if requires_nothing.first(course) == Some(1) {
                    return Some(1.0);
                }
                let (mut needed, mut there) = (0, 0);
                for (level, skills) in &needs {
                    for skill in skills.values_for_doc(course) {
                        needed += 1;
                        there += usize::from(known.get(&skill).is_some_and(|known| known >= level));
                    }
                }
                // Nobody has said whether they meet the other requirements, so it is only certain that they do not meet
                // all.
                let is_open = needed == 0 || there == needed && requires_more.first(course).is_some();
                (!is_open).then(|| fit::all_of(there, needed))
            })
        }
        ScoreClause::CostsWithin(currency, range) => {
            let priced = Condition::PricedIn(currency.clone());
            let (prices, stated) =
                (segment.numbers(fields.price)?, priced.documents(SegmentScope::courses(reader, segment))?);
            let (min, max) = (*range.start() as f64, *range.end() as f64);
            Box::new(move |course| {
                let price = prices.first(course).filter(|_| stated.contains(course))? as f64;
                Some(fit::at_most(price, max).min(fit::at_least(price, min)))
            })
        }
        ScoreClause::TakesWeeks(max, hours_per_week) => {
            let (weeks, hours) = (segment.numbers(fields.weeks)?, segment.numbers(fields.hours)?);
            Box::new(move |course| {
                let at_this_pace = || Some(weeks_of(hours.first(course)?, (*hours_per_week)?));
                let weeks = weeks.first(course).or_else(at_this_pace)?;
                Some(fit::at_most(weeks as f64, *max as f64))
            })
        }
        ScoreClause::TakesHoursPerWeek(max) => {
            let hours = segment.fractions(fields.hours_per_week)?;
            Box::new(move |course| Some(fit::at_most(hours.first(course)?, *max as f64)))
        }
        ScoreClause::IsRated => {
            let scores = segment.fractions(fields.score)?;
            Box::new(move |course| scores.first(course).map(fit::stars))
        }
    })
}

/// Number of weeks that these hours take, rounded up.
pub fn weeks_of(hours: i64, hours_per_week: i64) -> i64 {
    hours.saturating_add(hours_per_week - 1) / hours_per_week.max(1)
}
