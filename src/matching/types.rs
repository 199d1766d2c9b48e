//! Matches as the API shows them.

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;

use super::asked::asked;
use super::goal::Goal;
use super::says::says;
use super::wanted::Wanted;
use crate::comparison::Criterion;
use crate::course::Course;
use crate::course::search::{Relaxation, relaxed};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::search::{CourseSearch, Fit, fit, fitting};

/// The courses that fit a goal.
pub struct CourseMatches {
    pub(super) goal: Goal,
    /// What they must meet.
    pub(super) must: CourseSearch,
    pub(super) first: usize,
}

/// The courses that fit a goal.
#[Object]
impl CourseMatches {
    /// Those that fit best, by falling score; equal ones by title, then in the order in which they were made, so that the
    /// same goal and catalogue always give the same order.
    async fn matches(&self, ctx: &Context<'_>) -> Result<Vec<CourseMatch<'_>>> {
        let fits = fitting(&self.must.find(ctx.search())?, &self.goal.wishes(&ctx.search().fields), self.first)?;
        let ids: Vec<i64> = fits.iter().map(|fit| fit.id).collect();
        let mut courses = Course::load_listed(ctx, &ids).await?.into_iter().peekable();
        // A listing that has left since the index was read is left out.
        let matches = fits.into_iter().filter_map(|fit| {
            let course = courses.next_if(|course| course.0.id == fit.id)?;
            Some(CourseMatch { goal: &self.goal, course, fit })
        });
        Ok(matches.collect())
    }

    /// How many courses meet all of `must`: they are ranked, and all others left out.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.must.find(ctx.search())?.count())
    }

    /// The conditions at the top of `must` that alone leave courses out, those that leave out most first; `and`, `or` and
    /// `not` count as one condition each. totalCount is what `totalCount` would be without the condition.
    async fn excluded(&self, ctx: &Context<'_>) -> Result<Vec<Relaxation>> {
        relaxed(&self.must.find(ctx.search())?, &["goal", "must"])
    }
}

/// A course and how well it fits.
pub struct CourseMatch<'a> {
    goal: &'a Goal,
    course: Course,
    fit: Fit,
}

/// A course and how well it fits.
#[Object]
impl CourseMatch<'_> {
    /// The course.
    async fn course(&self) -> &Course {
        &self.course
    }

    /// How well it fits, 0 to 1, to four decimals: the sum of weight × score over the reasons, those of `met: null` taken
    /// at one half.
    async fn score(&self) -> f64 {
        rounded(self.fit.score)
    }

    /// Why: one reason for each criterion that the goal speaks of, and one for the rating, in the order of Criterion.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<MatchReason>> {
        let reasons = self.goal.0.iter().zip(&self.fit.fits);
        try_join_all(reasons.map(|((weight, wanted), fit)| reason(ctx, &self.course, wanted, *weight, *fit))).await
    }
}

/// What one criterion says for or against a course.
#[derive(SimpleObject)]
pub struct MatchReason {
    /// The criterion.
    pub criterion: Criterion,
    /// Its share of the whole, to four decimals; the shares of all reasons add up to 1.
    pub weight: f64,
    /// How well the course fits, 0 to 1, to four decimals: at least one half where it is met, less where it is not, and one
    /// half where the listing says nothing.
    pub score: f64,
    /// Whether it is met; null where the listing says nothing of it.
    pub met: Option<bool>,
    /// What was asked for and what the listing says: a sentence in English, plain text.
    pub explanation: String,
}

async fn reason(
    ctx: &Context<'_>,
    course: &Course,
    wanted: &Wanted,
    weight: f64,
    fit: Option<f64>,
) -> Result<MatchReason> {
    Ok(MatchReason {
        criterion: wanted.criterion(),
        weight: rounded(weight),
        score: rounded(fit.unwrap_or(fit::UNSTATED)),
        met: fit.map(fit::is_met),
        explanation: format!("{}; {}.", asked(wanted), says(ctx, wanted, course).await?),
    })
}

/// To four decimals, which is more than a weight is worth. The order is made before.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
