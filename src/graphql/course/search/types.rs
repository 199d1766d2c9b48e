//! Result of a course search.

use std::sync::OnceLock;

use async_graphql::{Context, Object, SimpleObject};
use search::paging::Edge;
use search::{CourseSearch, Highlighter, Hit, HitPage, Strictness};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::facets::CourseFacets;
use super::interpretation::QueryInterpretation;
use super::page::load_hits;
use super::relaxations::{Relaxation, relaxations};
use crate::graphql::connection::{PageInfo, page_info};
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::course::loader::DescriptionOf;
use crate::graphql::error::Result;
use crate::graphql::json_ld;
use crate::graphql::loaders::Load;

/// A page of search results.
pub struct CourseSearchConnection {
    search: CourseSearch,
    interpretation: Option<QueryInterpretation>,
    strictness: Strictness,
    hits: HitPage,
    courses: OnceCell<Vec<(usize, Course)>>,
    highlighter: OnceLock<Option<Highlighter>>,
}

impl CourseSearchConnection {
    pub(super) fn new(
        search: CourseSearch,
        interpretation: Option<QueryInterpretation>,
        strictness: Strictness,
        hits: HitPage,
    ) -> Self {
        Self { search, interpretation, strictness, hits, courses: OnceCell::new(), highlighter: OnceLock::new() }
    }

    /// Courses with their positions on the page, loaded once for `edges` and `nodes`.
    async fn courses(&self, ctx: &Context<'_>) -> Result<&Vec<(usize, Course)>> {
        Ok(self.courses.get_or_try_init(|| load_hits(ctx, &self.hits)).await?)
    }

    /// Highlighter of the query, created once for all courses.
    fn highlighter(&self, ctx: &Context<'_>) -> Result<Option<&Highlighter>> {
        if let Some(made) = self.highlighter.get() {
            return Ok(made.as_ref());
        }
        let search = ctx.search();
        let made = self.search.text.as_ref().map(|text| Highlighter::new(search, text, self.strictness));
        let made = made.transpose()?.flatten();
        Ok(self.highlighter.get_or_init(|| made).as_ref())
    }
}

/// A page of search results.
#[Object]
impl CourseSearchConnection {
    /// Courses on the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<CourseSearchEdge<'_>>> {
        let edges = self.courses(ctx).await?.iter().filter_map(|(index, course)| {
            let hit = self.hits.edges.get(*index)?;
            Some(CourseSearchEdge { page: self, hit, course })
        });
        Ok(edges.collect())
    }

    /// Courses on the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<&Course>> {
        Ok(self.courses(ctx).await?.iter().map(|(_, course)| course).collect())
    }

    /// Position of the page in the list.
    async fn page_info(&self) -> PageInfo {
        page_info(self.hits.edges.iter().map(|edge| &edge.cursor), self.hits.has_next, self.hits.has_previous)
    }

    /// Exact number of courses that match the search.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.search.find(ctx.search())?.count()?)
    }

    /// Structured data for search engines: a schema.org ItemList of the courses on the page, in order and in full, as
    /// Google's course list requires it. Strings are escaped as described at `Course.jsonLd`.
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Value> {
        Ok(json_ld::list(ctx, self.courses(ctx).await?.iter().map(|(_, course)| course)).await?.value())
    }

    /// The same document as text for an HTML page; see `Course.jsonLdScript`.
    async fn json_ld_script(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(json_ld::list(ctx, self.courses(ctx).await?.iter().map(|(_, course)| course)).await?.script())
    }

    /// How the query was understood. Null without a query.
    async fn interpretation(&self) -> Option<&QueryInterpretation> {
        self.interpretation.as_ref()
    }

    /// Facet counts for the courses that match `query` and `filter`. Each facet ignores the condition on its own field
    /// at the top level of the filter (not inside `and`, `or` or `not`), so that users can widen their choice. The
    /// facet of skills counts within `skills.all`, which a further choice narrows.
    async fn facets(&self) -> CourseFacets<'_> {
        CourseFacets(&self.search)
    }

    /// Conditions to drop if the search finds nothing, not even with one word of the query left out: each top-level
    /// condition of the filter, the query, or one of its words, if dropping it alone gives results. Sorted by the
    /// number of results, highest first. `and`, `or` and `not` count as one condition each. Empty if the search has
    /// results, or if more than one condition would have to go.
    async fn relaxations(&self, ctx: &Context<'_>) -> Result<Vec<Relaxation>> {
        Ok(relaxations(&self.search.find(ctx.search())?, self.search.text.as_ref())?)
    }
}

/// A course in a page of search results.
pub struct CourseSearchEdge<'a> {
    page: &'a CourseSearchConnection,
    hit: &'a Edge<Hit>,
    course: &'a Course,
}

/// A course in a page of search results.
#[Object]
impl CourseSearchEdge<'_> {
    /// Cursor of the course. Pass it as `after` or `before` to get the next or previous page.
    async fn cursor(&self) -> String {
        self.hit.cursor.encode()
    }

    /// The course.
    async fn node(&self) -> &Course {
        self.course
    }

    /// Relevance to the query. Comparable within one response only. Null without a query.
    async fn score(&self) -> Option<f32> {
        self.hit.node.score
    }

    /// Texts of the course with the matching words marked. Empty without a query, or if no text contains them.
    async fn highlights(&self, ctx: &Context<'_>) -> Result<Vec<Highlight>> {
        let Some(highlighter) = self.page.highlighter(ctx)? else { return Ok(Vec::new()) };
        let row = &self.course.0;
        let description = ctx.load(DescriptionOf(row.id)).await?;
        let found = highlighter.highlights(&row.title, row.summary.as_deref(), description.as_deref())?;
        Ok(found.into_iter().map(Highlight::from).collect())
    }
}

/// A text of the course that matches the query.
#[derive(SimpleObject)]
pub struct Highlight {
    /// Field of the course: "title", "summary" or "description".
    pub field: &'static str,
    /// Text of the field, or an excerpt if it is long. Each match starts with U+E000 and ends with U+E001. It is never
    /// HTML.
    pub fragment: String,
}

impl From<search::Highlight> for Highlight {
    fn from(found: search::Highlight) -> Self {
        Self { field: found.field, fragment: found.fragment }
    }
}
