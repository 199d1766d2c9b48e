//! The criteria of a goal, resolved and validated, and their translation into clauses for the index. Does not belong
//! here: the words of an explanation.

use std::ops::RangeInclusive;
use std::sync::Arc;

use catalog::dictionary::{Career, Certification, NamedEntity, Skill};
use entity::{Format, Schedule, SkillLevel};
use iso_currency::Currency;
use search::{Condition, Field, Fields, ScoreClause};

use crate::graphql::comparison::Criterion;

/// Skill and the level at which the learner has it.
pub(super) type SkillAtLevel = (Arc<Skill>, SkillLevel);

pub(super) enum GoalCriterion {
    /// Leads to this career.
    Career(Arc<Career>),
    /// Prepares for this certification.
    Certification(Arc<Certification>),
    /// Teaches these skills.
    Skills {
        /// Skills that the learner does not have yet.
        skills: Vec<Arc<Skill>>,
        /// Names of the career and certification that require them; empty if the learner named the skills.
        needed_for: Vec<String>,
    },
    /// Requires no more than these skills.
    Knows(Vec<SkillAtLevel>),
    /// Price within this range, in minor units.
    Budget(Currency, RangeInclusive<i64>),
    /// Takes at most this many weeks. Without a stated duration, the weeks follow from the hours available per week.
    FinishWithin { weeks: i32, hours_per_week: Option<i32> },
    /// Takes at most this many hours per week.
    HoursPerWeek(i32),
    /// Has one of these formats.
    Formats(Vec<Format>),
    /// Has one of these schedules.
    Schedules(Vec<Schedule>),
    /// Takes place at this location.
    Location { description: String, there: Condition, stated: Condition },
    /// Is taught in one of these languages.
    Languages { tags: Vec<String>, taught: Condition, stated: Condition },
    /// Is rated well. Part of every goal.
    Rating,
}

impl GoalCriterion {
    /// Criterion of the API that this belongs to.
    pub(super) fn criterion(&self) -> Criterion {
        match self {
            GoalCriterion::Career(_) => Criterion::Career,
            GoalCriterion::Certification(_) => Criterion::Certification,
            GoalCriterion::Skills { .. } => Criterion::Skills,
            GoalCriterion::Knows(_) => Criterion::Prerequisites,
            GoalCriterion::Budget(..) => Criterion::Price,
            GoalCriterion::FinishWithin { .. } => Criterion::Duration,
            GoalCriterion::HoursPerWeek(_) => Criterion::HoursPerWeek,
            GoalCriterion::Formats(_) => Criterion::Format,
            GoalCriterion::Schedules(_) => Criterion::Schedule,
            GoalCriterion::Location { .. } => Criterion::Location,
            GoalCriterion::Languages { .. } => Criterion::Language,
            GoalCriterion::Rating => Criterion::Rating,
        }
    }

    /// Clause that the index scores courses by.
    pub(super) fn clause(&self, fields: &Fields) -> ScoreClause {
        match self {
            GoalCriterion::Career(career) => any_of(fields.career, vec![career.row.id]),
            GoalCriterion::Certification(certification) => any_of(fields.certification, vec![certification.row.id]),
            GoalCriterion::Skills { skills, .. } => {
                ScoreClause::Teaches(skills.iter().map(|skill| skill.id()).collect())
            }
            GoalCriterion::Knows(known) => {
                ScoreClause::RequiresOnly(known.iter().map(|(skill, level)| (skill.id(), *level)).collect())
            }
            GoalCriterion::Budget(currency, range) => {
                ScoreClause::CostsWithin(currency.code().to_owned(), range.clone())
            }
            GoalCriterion::FinishWithin { weeks, hours_per_week } => {
                ScoreClause::TakesWeeks((*weeks).into(), hours_per_week.map(Into::into))
            }
            GoalCriterion::HoursPerWeek(hours) => ScoreClause::TakesHoursPerWeek((*hours).into()),
            GoalCriterion::Formats(formats) => {
                any_of(fields.format, formats.iter().map(|format| *format as i64).collect())
            }
            GoalCriterion::Schedules(schedules) => {
                any_of(fields.schedule, schedules.iter().map(|schedule| *schedule as i64).collect())
            }
            GoalCriterion::Location { there, stated, .. } => ScoreClause::Meets(there.clone(), stated.clone()),
            GoalCriterion::Languages { taught, stated, .. } => ScoreClause::Meets(taught.clone(), stated.clone()),
            GoalCriterion::Rating => ScoreClause::IsRated,
        }
    }
}

fn any_of(field: Field, values: Vec<i64>) -> ScoreClause {
    ScoreClause::Meets(Condition::Terms(field, values), Condition::stated(field))
}
