//! Pages of courses: loads the hits of a search, and lists the courses of another object, e.g. of a provider.

use async_graphql::Context;
use catalog::error::Result;
use search::Field;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};
use search::{Condition, Fields, FilterClause, HitPage, Matches, select};

use super::order::order;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::course::inputs::CourseOrder;

/// Matches courses that have the ID in the given field, e.g. the courses of a provider.
pub fn has_id(ctx: &Context<'_>, field: fn(&Fields) -> Field, id: i64) -> Condition {
    Condition::Terms(field(&ctx.search().fields), vec![id])
}

/// Loads a page of the courses that meet a condition. `list` identifies the list in cursors.
pub async fn page_of(
    ctx: &Context<'_>,
    list: &str,
    condition: Condition,
    order_by: Option<CourseOrder>,
    page: PageArguments,
) -> Result<Connection<Course>> {
    let request = ctx.request();
    let order = order(order_by, None, request)?;
    let list = format!("{list}:{}", order.name());
    let page = page.check(&list)?;
    // Drop the matches before the next await.
    let (hits, total) = {
        let matches = Matches::find(request.search(), None, &[(FilterClause::Other("list"), condition)])?;
        // Only who asks for the number pays for it; nobody else sees it.
        let is_counted = ctx.look_ahead().field("totalCount").exists();
        (select(&matches, &order, &page, &list)?, if is_counted { matches.count()? } else { 0 })
    };
    let edge = |(index, node): (usize, Course)| Some(Edge { cursor: hits.edges.get(index)?.cursor.clone(), node });
    let edges = load_hits(ctx, &hits).await?.into_iter().filter_map(edge).collect();
    Ok(Connection { edges, has_next: hits.has_next, has_previous: hits.has_previous, total })
}

/// Loads the courses of a page with their positions. Leaves out listings that have become unavailable since the index
/// was read.
pub(super) async fn load_hits(ctx: &Context<'_>, hits: &HitPage) -> Result<Vec<(usize, Course)>> {
    let ids: Vec<i64> = hits.edges.iter().map(|edge| edge.node.id).collect();
    let mut courses = Course::load_listed(ctx, &ids).await?.into_iter().peekable();
    let placed = ids.iter().enumerate().filter_map(|(index, id)| {
        let course = courses.next_if(|course| course.0.id == *id)?;
        Some((index, course))
    });
    Ok(placed.collect())
}
