//! A page of courses as a search shows it.

use std::sync::OnceLock;

use async_graphql::{Context, Object, SimpleObject};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::facets::CourseFacets;
use super::page::placed;
use super::relaxations::{Relaxation, relaxations};
use crate::course::Course;
use crate::course::loader::DescriptionOf;
use crate::error::Result;
use crate::graphql::connection::{Connection, Edge, PageInfo, page_info};
use crate::graphql::context::InRequest;
use crate::graphql::loaders::Load;
use crate::json_ld;
use crate::search::{self, CourseSearch, Highlighter, Hit, Step};

/// A page of the courses that a search finds.
pub struct CourseSearchConnection {
    search: CourseSearch,
    step: Step,
    hits: Connection<Hit>,
    courses: OnceCell<Vec<(usize, Course)>>,
    highlighter: OnceLock<Option<Highlighter>>,
}

impl CourseSearchConnection {
    pub(super) fn new(search: CourseSearch, step: Step, hits: Connection<Hit>) -> Self {
        Self { search, step, hits, courses: OnceCell::new(), highlighter: OnceLock::new() }
    }

    /// The courses with their places on the page, loaded once for edges and nodes.
    async fn courses(&self, ctx: &Context<'_>) -> Result<&Vec<(usize, Course)>> {
        self.courses.get_or_try_init(|| placed(ctx, &self.hits)).await
    }

    /// What marks the hits of the query, made once for all courses.
    fn highlighter(&self, ctx: &Context<'_>) -> Result<Option<&Highlighter>> {
        if let Some(made) = self.highlighter.get() {
            return Ok(made.as_ref());
        }
        let search = ctx.search();
        let made = self.search.text.as_deref().map(|text| Highlighter::new(search, text, self.step));
        let made = made.transpose()?.flatten();
        Ok(self.highlighter.get_or_init(|| made).as_ref())
    }
}

/// A page of the courses that a search finds.
#[Object]
impl CourseSearchConnection {
    /// The courses, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<CourseSearchEdge<'_>>> {
        let edges = self.courses(ctx).await?.iter().filter_map(|(place, course)| {
            let hit = self.hits.edges.get(*place)?;
            Some(CourseSearchEdge { page: self, hit, course })
        });
        Ok(edges.collect())
    }

    /// The courses alone.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<&Course>> {
        Ok(self.courses(ctx).await?.iter().map(|(_, course)| course).collect())
    }

    /// Where the page stands in the list.
    async fn page_info(&self) -> PageInfo {
        page_info(self.hits.edges.iter().map(|edge| &edge.cursor), self.hits.has_next, self.hits.has_previous)
    }

    /// How many courses the search finds, exactly.
    async fn total_count(&self) -> usize {
        self.hits.total
    }

    /// The page to search engines: a schema.org ItemList of its courses in their order, each whole, as Google's course list
    /// has it. For texts see Course.jsonLd.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(json_ld::list(ctx, self.courses(ctx).await?.iter().map(|(_, course)| course)).await?.value())
    }

    /// The same as text for a page, see Course.jsonLdScript.
    async fn json_ld_script(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(json_ld::list(ctx, self.courses(ctx).await?.iter().map(|(_, course)| course)).await?.script())
    }

    /// What the courses of the search have how often, within query and filter. Each facet ignores the condition on its
    /// own field at the top level of the filter (not one inside `and`, `or` or `not`), so that a choice can be widened.
    async fn facets(&self) -> CourseFacets<'_> {
        CourseFacets(&self.search)
    }

    /// Where the search finds nothing, not even without one word of its query: each condition at the top of the filter,
    /// the query, or one of its words, without which alone it would find something, what gives most first. `and`, `or`
    /// and `not` count as one condition each. Empty where it finds something, and where more than one condition would
    /// have to go.
    async fn relaxations(&self, ctx: &Context<'_>) -> Result<Vec<Relaxation>> {
        relaxations(&self.search.find(ctx.search())?, self.search.text.as_deref())
    }
}

/// A course and its place in the list.
pub struct CourseSearchEdge<'a> {
    page: &'a CourseSearchConnection,
    hit: &'a Edge<Hit>,
    course: &'a Course,
}

/// A course and its place in the list.
#[Object]
impl CourseSearchEdge<'_> {
    /// The course's place: the page after or before it is asked for with this.
    async fn cursor(&self) -> String {
        self.hit.cursor.encode()
    }

    /// The course.
    async fn node(&self) -> &Course {
        self.course
    }

    /// How well it fits the query, comparable within one answer only; null without a query.
    async fn score(&self) -> Option<f32> {
        self.hit.node.score
    }

    /// Where the words of the query stand in it. Empty without a query, or where they stand in none of its texts.
    async fn highlights(&self, ctx: &Context<'_>) -> Result<Vec<Highlight>> {
        let Some(highlighter) = self.page.highlighter(ctx)? else { return Ok(Vec::new()) };
        let row = &self.course.0;
        let description = ctx.load(DescriptionOf(row.id)).await?;
        let found = highlighter.highlights(&row.title, row.summary.as_deref(), description.as_deref())?;
        Ok(found.into_iter().map(Highlight::from).collect())
    }
}

/// A text of a course in which the query has hits.
#[derive(SimpleObject)]
pub struct Highlight {
    /// The field of the course: title, summary or description.
    pub field: &'static str,
    /// Its text, or of a long one a piece, with the hits between U+E000 and U+E001; never HTML.
    pub fragment: String,
}

impl From<search::Highlight> for Highlight {
    fn from(found: search::Highlight) -> Self {
        Self { field: found.field, fragment: found.fragment }
    }
}
