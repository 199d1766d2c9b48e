//! The query for courses.

use async_graphql::{Context, Object};

use super::conditions::Compiler;
use super::order::order;
use super::types::CourseSearchConnection;
use crate::course::inputs::{CourseFilter, CourseOrder};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::paging::page::PageArguments;
use crate::search::{By, CourseSearch, select};

/// Queries for courses.
#[derive(Default)]
pub struct CourseSearchQuery;

#[Object]
impl CourseSearchQuery {
    /// Published courses of active providers.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only those that this text finds, at most 200 characters: every word, \"a phrase\", without -this. \
                    Typing mistakes, words written together or apart and other names of skills are forgiven, what is \
                    written exactly comes first. Where no course has all words, those are found that have all but one."
        )]
        query: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<CourseFilter>,
        #[graphql(desc = "The order; where it is not given, by relevance if there is a query, else by rating.")]
        order_by: Option<CourseOrder>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<CourseSearchConnection> {
        let request = ctx.request();
        let order = order(order_by, query.as_deref(), request)?;
        // A score says nothing in the order of another text.
        let asked = query.as_deref().filter(|_| order.by == By::Relevance).unwrap_or_default();
        let list = format!("courses:{}:{asked}", order.name());
        let page = PageArguments { first, after, last, before }.check(&list)?;
        let parts = filter.map(|filter| Compiler::new(request, "filter").parts(&filter)).transpose()?;
        let search = CourseSearch { text: query, parts: parts.unwrap_or_default() };
        let matches = search.find(request.search())?;
        let hits = select(&matches, &order, &page, &list)?;
        Ok(CourseSearchConnection::new(search, matches.step(), hits))
    }
}
