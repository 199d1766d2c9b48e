//! The query that matches courses with a goal.

use async_graphql::{Context, Object};

use super::goal::Goal;
use super::inputs::LearnerGoal;
use super::types::CourseMatches;
use super::weights::Weights;
use crate::course::search::Compiler;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::paging::page::size;
use crate::search::CourseSearch;

/// Queries that match.
#[derive(Default)]
pub struct MatchingQuery;

/// Queries that match.
#[Object]
impl MatchingQuery {
    /// Published courses of active providers, those first that fit a goal best, each with its reasons. `must` filters; all
    /// else is weighed by weights that the operator sets. What a listing does not say is neither a no nor a yes.
    async fn match_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the learner looks for.")] goal: LearnerGoal,
        #[graphql(desc = "How many at most, 1 to 100.", default = 10)] first: i32,
    ) -> Result<CourseMatches> {
        let (request, first) = (ctx.request(), size("first", first)?);
        let must = goal.must.as_ref().map(|must| Compiler::new(request, "goal.must").parts(must)).transpose()?;
        let goal = Goal::read(request, &goal, ctx.data_unchecked::<Weights>())?;
        let must = CourseSearch { text: None, parts: must.unwrap_or_default() };
        Ok(CourseMatches { goal, must, first })
    }
}
