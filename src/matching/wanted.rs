//! The criteria of a goal, resolved and validated, and their translation into clauses for the index. Does not belong
//! here: the words of an explanation.

use std::ops::RangeInclusive;
use std::sync::Arc;

use entity::{Format, Schedule, SkillLevel};
use iso_currency::Currency;
use tantivy::schema::Field;

use crate::comparison::Criterion;
use crate::dictionary::{Career, Certification, Named, Skill};
use crate::search::{Ask, Condition, Fields};

/// Skill and the level at which the learner has it.
pub(super) type Held = (Arc<Skill>, SkillLevel);

/// Criterion of a goal.
pub(super) enum Wanted {
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
    Knows(Vec<Held>),
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
    Location { place: String, there: Condition, stated: Condition },
    /// Is taught in one of these languages.
    Languages { tags: Vec<String>, taught: Condition, stated: Condition },
    /// Is rated well. Part of every goal.
    Rating,
}

impl Wanted {
    /// Criterion of the API that this belongs to.
    pub(super) fn criterion(&self) -> Criterion {
        match self {
            Wanted::Career(_) => Criterion::Career,
            Wanted::Certification(_) => Criterion::Certification,
            Wanted::Skills { .. } => Criterion::Skills,
            Wanted::Knows(_) => Criterion::Prerequisites,
            Wanted::Budget(..) => Criterion::Price,
            Wanted::FinishWithin { .. } => Criterion::Duration,
            Wanted::HoursPerWeek(_) => Criterion::HoursPerWeek,
            Wanted::Formats(_) => Criterion::Format,
            Wanted::Schedules(_) => Criterion::Schedule,
            Wanted::Location { .. } => Criterion::Location,
            Wanted::Languages { .. } => Criterion::Language,
            Wanted::Rating => Criterion::Rating,
        }
    }

    /// Clause that the index scores courses by.
    pub(super) fn ask(&self, fields: &Fields) -> Ask {
        match self {
            Wanted::Career(career) => any_of(fields.career, vec![career.row.id]),
            Wanted::Certification(certification) => any_of(fields.certification, vec![certification.row.id]),
            Wanted::Skills { skills, .. } => Ask::Teaches(skills.iter().map(|skill| skill.id()).collect()),
            Wanted::Knows(known) => Ask::Needs(known.iter().map(|(skill, level)| (skill.id(), *level)).collect()),
            Wanted::Budget(currency, range) => Ask::Costs(currency.code().to_owned(), range.clone()),
            Wanted::FinishWithin { weeks, hours_per_week } => {
                Ask::Ends((*weeks).into(), hours_per_week.map(Into::into))
            }
            Wanted::HoursPerWeek(hours) => Ask::Occupies((*hours).into()),
            Wanted::Formats(formats) => any_of(fields.format, formats.iter().map(|format| *format as i64).collect()),
            Wanted::Schedules(schedules) => {
                any_of(fields.schedule, schedules.iter().map(|schedule| *schedule as i64).collect())
            }
            Wanted::Location { there, stated, .. } => Ask::Holds(there.clone(), stated.clone()),
            Wanted::Languages { taught, stated, .. } => Ask::Holds(taught.clone(), stated.clone()),
            Wanted::Rating => Ask::Rated,
        }
    }
}

fn any_of(field: Field, values: Vec<i64>) -> Ask {
    Ask::Holds(Condition::Terms(field, values), Condition::stated(field))
}
