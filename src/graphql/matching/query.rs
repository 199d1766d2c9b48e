//! The query that matches courses with a goal.

use async_graphql::{Context, Object};
use search::CourseSearch;
use search::paging::page::size;

use super::goal::Goal;
use super::inputs::LearnerGoal;
use super::types::CourseMatches;
use super::weights::Weights;
use crate::graphql::context::ContextExt;
use crate::graphql::course::search::Compiler;
use crate::graphql::error::Result;

/// Queries for matching.
#[derive(Default)]
pub struct MatchingQuery;

/// Queries for matching.
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
