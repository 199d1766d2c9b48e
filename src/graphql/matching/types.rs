//! The query that matches courses with a goal, and its types.

use async_graphql::{Context, Description, Object, SimpleObject};
use futures_util::future::try_join_all;
use search::paging::page::size;
use search::{CourseSearch, ScoredCourse, fit, score_courses};

use super::criterion_text::describe_criterion;
use super::explanation::describe_listing;
use super::goal::Goal;
use super::inputs::LearnerGoal;
use super::weights::Weights;
use crate::graphql::comparison::Criterion;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::course::search::{Compiler, Relaxation, relaxed};
use crate::graphql::error::Result;

/// Queries for matching.
#[derive(Default)]
pub struct MatchingQuery;

#[Object]
impl MatchingQuery {
    /// Ranks published courses of active providers by how well they fit a goal, and gives the reasons. Only `must`
    /// excludes courses; everything else is weighed with the weights that the operator configured. What a listing does
    /// not state counts neither for nor against it.
    async fn match_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Goal of the learner.")] goal: LearnerGoal,
        #[graphql(desc = "Maximum number of courses, 1 to 100.", default = 10)] first: i32,
    ) -> Result<CourseMatches> {
        let (request, first) = (ctx.request(), size("first", first)?);
        let must = goal.must.as_ref().map(|must| Compiler::new(request, "goal.must").clauses(must)).transpose()?;
        let goal = Goal::read(request, &goal, ctx.data_unchecked::<Weights>())?;
        let must = CourseSearch { text: None, clauses: must.unwrap_or_default() };
        Ok(CourseMatches { goal, must, first })
    }
}

/// Courses ranked by how well they fit a goal.
#[derive(Description)]
pub struct CourseMatches {
    goal: Goal,
    /// Filter that every course must meet.
    must: CourseSearch,
    first: usize,
}

#[Object(use_type_description)]
impl CourseMatches {
    /// Best matches, highest score first. Ties are ordered by title, then by creation, so that the same goal and
    /// catalogue always give the same order.
    async fn matches(&self, ctx: &Context<'_>) -> Result<Vec<CourseMatch<'_>>> {
        let clause_scores =
            score_courses(&self.must.find(ctx.search())?, &self.goal.clauses(&ctx.search().fields), self.first)?;
        let ids: Vec<i64> = clause_scores.iter().map(|fit| fit.id).collect();
        let mut courses = Course::load_listed(ctx, &ids).await?.into_iter().peekable();
        // A course may have left the catalogue since the index was read.
        let matches = clause_scores.into_iter().filter_map(|fit| {
            let course = courses.next_if(|course| course.0.id == fit.id)?;
            Some(CourseMatch { goal: &self.goal, course, fit })
        });
        Ok(matches.collect())
    }

    /// Number of courses that meet `must`. All of them are ranked; all other courses are excluded.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.must.find(ctx.search())?.count()?)
    }

    /// Top-level conditions of `must` that exclude courses on their own, the most exclusive first. `and`, `or` and
    /// `not` count as one condition each. The `totalCount` of an entry is what `totalCount` would be without that
    /// condition.
    async fn excluded(&self, ctx: &Context<'_>) -> Result<Vec<Relaxation>> {
        Ok(relaxed(&self.must.find(ctx.search())?, &["goal", "must"])?)
    }
}

/// Course with its score and the reasons for it.
#[derive(Description)]
pub struct CourseMatch<'a> {
    goal: &'a Goal,
    course: Course,
    fit: ScoredCourse,
}

#[Object(use_type_description)]
impl CourseMatch<'_> {
    /// Matched course.
    async fn course(&self) -> &Course {
        &self.course
    }

    /// Score of the course, 0 to 1, rounded to four decimals: the sum of weight × score over all reasons. A reason with
    /// `met: null` counts as one half.
    async fn score(&self) -> f64 {
        rounded(self.fit.score)
    }

    /// Reasons for the score: one for each criterion of the goal and one for the rating, in the order of `Criterion`.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<MatchReason>> {
        let reasons = self.goal.0.iter().zip(&self.fit.clause_scores);
        let reasons = reasons.map(|((weight, criterion), fit)| async move {
            let listing = describe_listing(ctx, criterion, &self.course).await?;
            Ok(MatchReason {
                criterion: criterion.criterion(),
                weight: rounded(*weight),
                score: rounded(fit.unwrap_or(fit::UNSTATED)),
                met: fit.map(fit::is_met),
                explanation: format!("{}; {listing}.", describe_criterion(criterion)),
            })
        });
        try_join_all(reasons).await
    }
}

/// Contribution of one criterion to the score of a course.
#[derive(SimpleObject)]
pub struct MatchReason {
    /// Criterion that the reason is about.
    pub criterion: Criterion,
    /// Weight of the criterion, rounded to four decimals. The weights of all reasons add up to 1.
    pub weight: f64,
    /// Score of the course on this criterion, 0 to 1, rounded to four decimals. At least one half if the criterion is
    /// met, less if it is not, and exactly one half if the listing does not state it.
    pub score: f64,
    /// Whether the criterion is met. Null if the listing does not state it.
    pub met: Option<bool>,
    /// What the learner asked for and what the listing states, as an English sentence in plain text.
    pub explanation: String,
}

/// Rounds to four decimals, more than the weights are precise. The order is computed before rounding.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
