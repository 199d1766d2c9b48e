//! Paths as the API shows them.

use async_graphql::{Context, Enum, Object, SimpleObject};

use super::service::{Gap, Path, Step};
use crate::course::{Course, facts};
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::shapes::Money;
use crate::taxonomy::Skill;
use crate::values;

/// An ordered list of courses that leads from what a learner knows to a goal. What each course asks for is known from
/// the start or gained in a step before it. At most 20 courses.
pub struct LearningPath {
    path: Path,
    courses: Vec<Course>,
}

impl LearningPath {
    /// The path with its courses.
    pub(super) async fn load(ctx: &Context<'_>, path: Path) -> Result<Self> {
        let ids: Vec<i64> = path.steps.iter().map(|step| step.course).collect();
        let courses = Course::load_listed(ctx, &ids).await?;
        if courses.len() < ids.len() {
            // It left while the request ran. Without it the path would be broken, and with the next state there is another.
            return Err(AppError::Unavailable("a course of the path has just left the catalogue".to_owned()));
        }
        Ok(Self { path, courses })
    }
}

/// An ordered list of courses that leads from what a learner knows to a goal. What each course asks for is known from
/// the start or gained in a step before it. At most 20 courses.
#[Object]
impl LearningPath {
    /// The courses in order. Empty where everything is known already, or nothing can be reached.
    async fn steps(&self) -> Vec<PathStep<'_>> {
        let steps = self.path.steps.iter().zip(&self.courses);
        steps.map(|(step, course)| PathStep { step, course }).collect()
    }

    /// The wanted skills that the learner has at the end, those known from the start too. Together with `missing` all that
    /// the goal asks for; both are empty where the career or certification states no skills.
    async fn covered(&self, ctx: &Context<'_>) -> Vec<Skill> {
        skills(ctx, &self.path.covered)
    }

    /// The wanted skills that stay uncovered; `gaps` says why.
    async fn missing(&self, ctx: &Context<'_>) -> Vec<Skill> {
        let ids: Vec<i64> = self.path.missing.iter().map(|(skill, _)| *skill).collect();
        skills(ctx, &ids)
    }

    /// Why each of `missing` stays uncovered, in the same order.
    async fn gaps(&self, ctx: &Context<'_>) -> Vec<PathGap> {
        let gap = |(skill, gap): &(i64, Gap)| {
            let skill = ctx.dictionary().skills.get(*skill)?;
            Some(PathGap { skill: Skill(skill.clone()), reason: (*gap).into() })
        };
        self.path.missing.iter().filter_map(gap).collect()
    }

    /// The sum of `duration.estimatedHours`; null where any step states none, see `stepsWithoutHours`.
    async fn total_hours(&self) -> Option<i32> {
        let hours = self.courses.iter().map(|course| facts::estimated_hours(&course.0));
        hours.sum::<Option<i32>>()
    }

    /// How many steps state no hours.
    async fn steps_without_hours(&self) -> usize {
        self.courses.iter().filter(|course| facts::estimated_hours(&course.0).is_none()).count()
    }

    /// The sums of `price`, one for each currency, by its code; without the steps that state none, see
    /// `stepsWithoutPrice`.
    async fn total_price(&self) -> Vec<Money> {
        let mut sums: Vec<values::Money> = Vec::new();
        for price in facts::prices(self.courses.iter().map(|course| &*course.0)) {
            match sums.iter_mut().find(|sum| sum.currency == price.currency) {
                Some(sum) => sum.minor = sum.minor.saturating_add(price.minor),
                None => sums.push(price),
            }
        }
        sums.sort_by_key(|sum| sum.currency.code());
        sums.into_iter().map(Money).collect()
    }

    /// How many steps state no price: subscriptions, and listings that say nothing of it.
    async fn steps_without_price(&self) -> usize {
        self.courses.iter().filter(|course| facts::price(&course.0).is_none()).count()
    }

    /// Whether it is proven that no path to the same skills is better in what was to be kept small. False says that the
    /// search was given up before all paths were ruled out.
    async fn best(&self) -> bool {
        self.path.best
    }
}

/// A course of a path.
pub struct PathStep<'a> {
    step: &'a Step,
    course: &'a Course,
}

/// A course of a path.
#[Object]
impl PathStep<'_> {
    /// The course.
    async fn course(&self) -> &Course {
        self.course
    }

    /// The skills that the learner has after it and did not have before, or not as well. Empty only for a course that a
    /// later one asks for by name.
    async fn gains(&self, ctx: &Context<'_>) -> Vec<Skill> {
        skills(ctx, &self.step.gains)
    }

    /// The skills that the course asks for: each is known from the start or gained in a step before.
    async fn needs(&self, ctx: &Context<'_>) -> Vec<Skill> {
        skills(ctx, &self.step.needs)
    }
}

/// A wanted skill that a path does not reach.
#[derive(SimpleObject)]
pub struct PathGap {
    /// The skill.
    pub skill: Skill,
    /// Why not.
    pub reason: PathGapReason,
}

/// Why a path does not reach a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Gap")]
pub enum PathGapReason {
    /// No published course teaches it.
    NotTaught,
    /// Courses teach it, but none whose prerequisites can be met.
    OutOfReach,
    /// The path would have more than 20 courses.
    TooLong,
}

fn skills(ctx: &Context<'_>, ids: &[i64]) -> Vec<Skill> {
    ctx.dictionary().skills.all(ids).into_iter().map(Skill).collect()
}
