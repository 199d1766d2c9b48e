//! The outcome reports of a course, as a field of the course.

use async_graphql::{Context, Object};

use super::pages::of_course;
use super::types::OutcomeReport;
use crate::course::Course;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::paging::page::PageArguments;

/// What became of those who took a course.
pub struct CourseOutcomes(pub Course);

/// What became of those who took a course.
#[Object]
impl CourseOutcomes {
    /// What its provider reports of those who took it, the newest period first. Withdrawn reports come too for the provider's
    /// members and staff, and for nobody else.
    async fn outcome_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OutcomeReport>> {
        of_course(ctx, &self.0, PageArguments::forward(first, after)).await
    }
}
