//! The GraphQL types of learning paths.

use async_graphql::{Context, Description, Enum, Object, SimpleObject};
use catalog::course::derived;
use catalog::error::AppError;
use catalog::path::service::{CourseStep, FoundPath, GapCause};
use catalog::values;

use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::shapes::Money;
use crate::graphql::taxonomy::Skill;

/// Ordered list of at most 20 courses that leads from what a learner knows to a target. Every course requires only what
/// the learner knows from the start or gained in an earlier step.
#[derive(Description)]
pub struct LearningPath {
    path: FoundPath,
    courses: Vec<Course>,
}

impl LearningPath {
    pub(super) async fn load(ctx: &Context<'_>, path: FoundPath) -> Result<Self> {
        let ids: Vec<i64> = path.steps.iter().map(|step| step.course).collect();
        let courses = Course::load_listed(ctx, &ids).await?;
        if courses.len() < ids.len() {
            // A course left the catalogue during the request. The path would be broken without it, and the next
            // snapshot gives another path.
            return Err(AppError::Unavailable("a course of the path has just left the catalogue".to_owned()).into());
        }
        Ok(Self { path, courses })
    }
}

#[Object(use_type_description)]
impl LearningPath {
    /// Courses in order. Empty if everything is known already, or if nothing can be reached.
    async fn steps(&self) -> Vec<PathStep<'_>> {
        let steps = self.path.steps.iter().zip(&self.courses);
        steps.map(|(step, course)| PathStep { step, course }).collect()
    }

    /// Wanted skills that the learner has at the end, including those known from the start. Together with `missing`,
    /// everything that the target requires. Both are empty if the career or certification states no skills.
    async fn covered(&self, ctx: &Context<'_>) -> Vec<Skill> {
        Skill::all(ctx, &self.path.covered)
    }

    /// Wanted skills that the path does not cover. `gaps` gives the reasons.
    async fn missing(&self, ctx: &Context<'_>) -> Vec<Skill> {
        let ids: Vec<i64> = self.path.missing.iter().map(|(skill, _)| *skill).collect();
        Skill::all(ctx, &ids)
    }

    /// Reason for each skill in `missing`, in the same order.
    async fn gaps(&self, ctx: &Context<'_>) -> Vec<PathGap> {
        let gap = |(skill, gap): &(i64, GapCause)| {
            let skill = ctx.dictionary().skills.get(*skill)?;
            Some(PathGap { skill: Skill(skill.clone()), reason: (*gap).into() })
        };
        self.path.missing.iter().filter_map(gap).collect()
    }

    /// Sum of `duration.estimatedHours`. Null if any step states none; see `stepsWithoutHours`.
    async fn total_hours(&self) -> Option<i32> {
        self.courses.iter().map(|course| derived::estimated_hours(&course.0)).sum()
    }

    /// Number of steps that state no hours.
    async fn steps_without_hours(&self) -> usize {
        self.courses.iter().filter(|course| derived::estimated_hours(&course.0).is_none()).count()
    }

    /// Sums of `price`, one per currency, ordered by currency code. Steps without a price are left out; see
    /// `stepsWithoutPrice`.
    async fn total_price(&self) -> Vec<Money> {
        let mut sums: Vec<values::Money> = Vec::new();
        for price in derived::prices(self.courses.iter().map(|course| &*course.0)) {
            match sums.iter_mut().find(|sum| sum.currency == price.currency) {
                Some(sum) => sum.minor = sum.minor.saturating_add(price.minor),
                None => sums.push(price),
            }
        }
        sums.sort_by_key(|sum| sum.currency.code());
        sums.into_iter().map(Money).collect()
    }

    /// Number of steps without a price: subscriptions, and listings that do not state one.
    async fn steps_without_price(&self) -> usize {
        self.courses.iter().filter(|course| derived::price(&course.0).is_none()).count()
    }

    /// Whether it is proven that no path to the same skills is better in the minimised quantity. False if the search
    /// was ended before all paths were ruled out.
    async fn best(&self) -> bool {
        self.path.best
    }
}

/// Course of a learning path.
#[derive(Description)]
pub struct PathStep<'a> {
    step: &'a CourseStep,
    course: &'a Course,
}

#[Object(use_type_description)]
impl PathStep<'_> {
    /// Course to take.
    async fn course(&self) -> &Course {
        self.course
    }

    /// Skills that the learner gains in this step, or gains a higher level of. Empty only for a course that a later one
    /// requires by name.
    async fn gains(&self, ctx: &Context<'_>) -> Vec<Skill> {
        Skill::all(ctx, &self.step.gains)
    }

    /// Skills that the course requires. Each is known from the start or gained in an earlier step.
    async fn needs(&self, ctx: &Context<'_>) -> Vec<Skill> {
        Skill::all(ctx, &self.step.needs)
    }
}

/// Wanted skill that a path does not cover.
#[derive(SimpleObject)]
pub struct PathGap {
    /// Skill that is not covered.
    pub skill: Skill,
    /// Reason why it is not covered.
    pub reason: PathGapReason,
}

/// Reason why a path does not cover a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "GapCause")]
pub enum PathGapReason {
    /// No published course teaches it.
    NotTaught,
    /// Courses teach it, but their prerequisites cannot be met.
    OutOfReach,
    /// The path would have more than 20 courses.
    TooLong,
}
