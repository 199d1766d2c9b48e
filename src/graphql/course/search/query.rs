//! The query `courses`.

use async_graphql::{Context, Object};
use search::paging::page::PageArguments;
use search::{CourseSearch, SortKey, select};

use super::conditions::Compiler;
use super::interpretation::interpret;
use super::order::order;
use super::types::CourseSearchConnection;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::{CourseFilter, CourseOrder};
use crate::graphql::error::Result;

/// The course search.
#[derive(Default)]
pub struct CourseSearchQuery;

#[Object]
impl CourseSearchQuery {
    /// Searches the published courses of active providers.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Search text of at most 200 characters. Finds courses that contain every word and every \"quoted \
                    phrase\", and no word marked with a minus, e.g. -this. Tolerates typos, words written together \
                    or apart, and other names of skills; exact matches come first. Words that are facts, e.g. \
                    beginner, free or the name of a city, raise the courses that state them and hide none; see \
                    `interpretation`. If no course that meets the filter contains all other words, the last word \
                    may also be the beginning of a word; if that finds nothing either, courses that contain all \
                    words but one are found."
        )]
        query: Option<String>,
        #[graphql(desc = "Conditions that the courses must meet.")] filter: Option<CourseFilter>,
        #[graphql(
            desc = "Sort order. Defaults to descending relevance if there is a query, otherwise to descending rating."
        )]
        order_by: Option<CourseOrder>,
        #[graphql(
            desc = "Number of courses to return from the start, 1 to 100. Defaults to 20 if `last` is not given \
                    either."
        )]
        first: Option<i32>,
        #[graphql(desc = "Cursor of a course. Returns only the courses after it.")] after: Option<String>,
        #[graphql(desc = "Number of courses to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Cursor of a course. Returns only the courses before it.")] before: Option<String>,
    ) -> Result<CourseSearchConnection> {
        let request = ctx.request();
        let order = order(order_by, query.as_deref(), request)?;
        // A score is meaningless in an order that belongs to another text, so the cursor is bound to the text.
        let text = query.as_deref().filter(|_| order.by == SortKey::Relevance).unwrap_or_default();
        let list = format!("courses:{}:{text}", order.name());
        let page = PageArguments { first, after, last, before }.check(&list)?;
        let clauses = filter.map(|filter| Compiler::new(request, "filter").clauses(&filter)).transpose()?;
        let (text, interpretation) = query.map(|query| interpret(request, query)).transpose()?.unzip();
        let search = CourseSearch { text, clauses: clauses.unwrap_or_default() };
        let matches = search.find(request.search())?;
        let hits = select(&matches, &order, &page, &list)?;
        Ok(CourseSearchConnection::new(search, interpretation, matches.strictness(), hits))
    }
}
