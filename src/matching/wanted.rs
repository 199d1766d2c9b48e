//! What a learner wants, each wish by itself: looked up and checked, and as the index is asked for it. What must not go
//! in: the words in which a match is explained.

use std::ops::RangeInclusive;
use std::sync::Arc;

use entity::{Format, Schedule, SkillLevel};
use iso_currency::Currency;
use tantivy::schema::Field;

use crate::comparison::Criterion;
use crate::dictionary::{Career, Certification, Named, Skill};
use crate::search::{Ask, Condition, Fields};

/// A skill and how well it is held.
pub(super) type Held = (Arc<Skill>, SkillLevel);

/// One wish.
pub(super) enum Wanted {
    /// It leads to this career.
    Career(Arc<Career>),
    /// It prepares for this certification.
    Certification(Arc<Certification>),
    /// It teaches these.
    Skills {
        /// What the learner does not know yet.
        skills: Vec<Arc<Skill>>,
        /// What asks for them; empty where the learner has named them.
        needed_for: Vec<String>,
    },
    /// It asks for nothing but these.
    Knows(Vec<Held>),
    /// It costs as much, in minor units.
    Budget(Currency, RangeInclusive<i64>),
    /// It takes no more weeks, where it states none by the hours that the learner has a week.
    FinishWithin { weeks: i32, hours_per_week: Option<i32> },
    /// It takes no more hours a week.
    HoursPerWeek(i32),
    /// It is held in one of these ways.
    Formats(Vec<Format>),
    /// It is held at one of these times.
    Schedules(Vec<Schedule>),
    /// It is held there.
    Location { place: String, there: Condition, stated: Condition },
    /// It is taught in one of these.
    Languages { tags: Vec<String>, taught: Condition, stated: Condition },
    /// It is rated well, which everybody wants.
    Rating,
}

impl Wanted {
    /// What it is about.
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

    /// What the index is asked.
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
