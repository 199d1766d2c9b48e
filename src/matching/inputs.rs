//! What a learner says of themselves and of what they look for.

use async_graphql::InputObject;

use crate::course::inputs::{CourseFilter, LocationFilter, PriceFilter};
use crate::graphql::enums::{Format, Schedule, SkillLevel};
use crate::graphql::scalars::LanguageCode;

/// What a learner looks for. All of it but `must` is weighed, and no course is left out for it: something has to be named.
/// A wish that is null, an empty list or {} asks for nothing. Lists hold at most 50 values, and what is named twice counts
/// once. Unlike in a filter, an unknown slug is refused: a wish that nothing can fulfil would only blur the order.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LearnerGoal {
    /// The slug of the career that it is to lead to.
    pub career: Option<String>,
    /// The slug of the certification that it is to prepare for.
    pub certification: Option<String>,
    /// Slugs of skills to learn. Where none is named: those that the wanted career asks for and the wanted certification
    /// attests. A skill that is known at FAMILIAR or better need not be learnt.
    pub skills: Option<Vec<String>>,
    /// What is known already: courses that ask for more come later. An empty list says that nothing is known; null leaves
    /// prerequisites unweighed. Of a skill that is named twice the higher level counts.
    pub knows: Option<Vec<SkillKnown>>,
    /// What it may cost, once, in one currency: nothing is converted.
    pub budget: Option<PriceFilter>,
    /// The hours that there are a week, 1 to 168.
    pub hours_per_week: Option<i32>,
    /// The weeks after which it is to be finished, 1 to 520. A listing that states hours but no weeks is taken at
    /// `hoursPerWeek`.
    pub finish_within_weeks: Option<i32>,
    /// How it may be held: any of them, as the listing itself says.
    pub formats: Option<Vec<Format>>,
    /// When it may be held: any of them, as the listing itself says.
    pub schedules: Option<Vec<Schedule>>,
    /// Where it is to be held: some upcoming offering, or where it has none, its provider.
    pub location: Option<LocationFilter>,
    /// The languages it may be taught in: any of them; en is met by en-GB too.
    pub languages: Option<Vec<LanguageCode>>,
    /// What a course has to meet to be looked at.
    pub must: Option<CourseFilter>,
}

/// A skill that a learner has already.
#[derive(Clone, Debug, InputObject)]
pub struct SkillKnown {
    /// The skill's slug; an old one is as good.
    pub skill: String,
    /// How well it is held.
    #[graphql(default_with = "SkillLevel::Basic")]
    pub level: SkillLevel,
}
