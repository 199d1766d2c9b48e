//! Outcome reports of a course, as a field of the course.

use async_graphql::{Context, Object};
use search::paging::page::PageArguments;

use super::pages::of_course;
use super::types::OutcomeReport;
use crate::graphql::connection::Connection;
use crate::graphql::course::Course;
use crate::graphql::error::Result;

/// Outcome reports of a course.
pub struct CourseOutcomes(pub Course);

/// Outcome reports of a course.
#[Object]
impl CourseOutcomes {
    /// Outcome reports that the provider has published on the course, latest period first. Includes withdrawn reports
    /// for the provider's members, its service tokens and staff only.
    async fn outcome_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OutcomeReport>> {
        Ok(of_course(ctx, &self.0, PageArguments::forward(first, after)).await?.into())
    }
}
