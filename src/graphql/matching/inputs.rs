//! Input objects of matching.

use async_graphql::InputObject;
use catalog::dictionary::{Dictionary, NamedEntity};
use catalog::error::{AppError, Result};

use super::criterion::SkillAtLevel;
use crate::graphql::course::inputs::{CourseFilter, LocationFilter, PriceFilter};
use crate::graphql::enums::{Format, Schedule, SkillLevel};
use crate::graphql::scalars::LanguageCode;

/// Goal of a learner. Every field except `must` is weighed and excludes no course; at least one of them must be given.
/// Null, an empty list and `{}` ask for nothing. Lists hold at most 50 values, and duplicates count once. Unlike in a
/// filter, an unknown slug is an error, because a criterion that nothing can meet would only blur the order.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LearnerGoal {
    /// Slug of the career that the course should lead to.
    pub career: Option<String>,
    /// Slug of the certification that the course should prepare for.
    pub certification: Option<String>,
    /// Slugs of the skills to learn. If none are given, the skills that `career` requires and `certification` attests.
    /// Skills known at `FAMILIAR` or better are left out.
    pub skills: Option<Vec<String>>,
    /// Skills the learner already has; courses that require more rank lower. An empty list means no skills. Null leaves
    /// prerequisites out of the score. If a skill is named twice, the higher level counts.
    pub knows: Option<Vec<SkillKnown>>,
    /// Budget for the one-off price, in one currency. Prices in other currencies are not converted.
    pub budget: Option<PriceFilter>,
    /// Hours available per week, 1 to 168.
    pub hours_per_week: Option<i32>,
    /// Number of weeks after which the course should be finished, 1 to 520. The duration of a listing that states hours
    /// but no weeks is computed with `hoursPerWeek`.
    pub finish_within_weeks: Option<i32>,
    /// Acceptable formats, as the listing itself states them. Any of them will do.
    pub formats: Option<Vec<Format>>,
    /// Acceptable schedules, as the listing itself states them. Any of them will do.
    pub schedules: Option<Vec<Schedule>>,
    /// Location of the course: that of an upcoming offering, or that of the provider if there is none.
    pub location: Option<LocationFilter>,
    /// Acceptable languages of instruction. Any of them will do; `en` also matches `en-GB`.
    pub languages: Option<Vec<LanguageCode>>,
    /// Filter that a course must meet to be considered at all.
    pub must: Option<CourseFilter>,
}

/// Skill that a learner already has.
#[derive(Clone, Debug, InputObject)]
pub struct SkillKnown {
    /// Slug of the skill. A former slug works too.
    pub skill: String,
    /// Level at which the learner has the skill.
    #[graphql(default_with = "SkillLevel::Basic")]
    pub level: SkillLevel,
}

impl SkillKnown {
    /// Finds the skills of the argument `at`, in their order. For duplicates, the higher level counts. An unknown slug is
    /// an error with this rule.
    pub fn find(dictionary: &Dictionary, at: &str, known: &[Self], rule: &str) -> Result<Vec<SkillAtLevel>> {
        let mut found: Vec<SkillAtLevel> = Vec::new();
        for (index, Self { skill, level }) in known.iter().enumerate() {
            let skill = dictionary.skills.find(skill).cloned();
            let skill = skill.ok_or_else(|| AppError::input(format!("{at}.{index}.skill"), rule))?;
            let level = entity::SkillLevel::from(*level);
            match found.iter_mut().find(|(other, _)| other.id() == skill.id()) {
                Some((_, before)) => *before = level.max(*before),
                None => found.push((skill, level)),
            }
        }
        Ok(found)
    }
}
