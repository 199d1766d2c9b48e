//! The orders of the API as orders of the index, and the pages of courses that stand under something else.

use async_graphql::Context;
use tantivy::schema::Field;

use crate::course::Course;
use crate::course::inputs::{CourseOrder, CourseOrderField, usd};
use crate::error::{AppError, Result};
use crate::graphql::connection::{Connection, Edge};
use crate::graphql::context::{InRequest, Request};
use crate::graphql::enums::Direction;
use crate::graphql::page::PageArguments;
use crate::search::{By, Condition, Fields, Matches, Order, Part, days, has_words, select};

/// The order that is asked for; where none is, the best first: by relevance where there are words to search for, else
/// by rating.
pub(super) fn order(asked: Option<CourseOrder>, text: Option<&str>, request: &Request) -> Result<Order> {
    let usual = if text.is_some_and(has_words) { CourseOrderField::Relevance } else { CourseOrderField::Rating };
    let asked = asked.unwrap_or(CourseOrder { field: usual, direction: Direction::Desc, currency: usd() });
    let by = match asked.field {
        CourseOrderField::Relevance if text.is_some() => By::Relevance,
        CourseOrderField::Relevance => return Err(AppError::input("orderBy.field", "RELEVANCE needs a query")),
        CourseOrderField::Rating => By::Rating,
        CourseOrderField::ReviewCount => By::ReviewCount,
        CourseOrderField::Price => By::Price(asked.currency.0.code().to_owned()),
        CourseOrderField::Duration => By::Duration,
        CourseOrderField::MentoringSessions => By::MentoringSessions,
        CourseOrderField::NextStart => By::NextStart(days(request.now.date_naive())),
        CourseOrderField::Title => By::Title,
        CourseOrderField::PublishedAt => By::PublishedAt,
        CourseOrderField::UpdatedAt => By::UpdatedAt,
    };
    Ok(Order { by, descending: asked.direction == Direction::Desc })
}

/// The courses that have an id in a field: those of a provider, say.
pub fn under(ctx: &Context<'_>, field: fn(&Fields) -> Field, id: i64) -> Condition {
    Condition::Terms(field(&ctx.request().snapshot.search.fields), vec![id])
}

/// A page of the courses that meet a condition, e.g. those of one provider. `list` names them in cursors.
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
    let matches = Matches::find(&request.snapshot.search, None, &[(Part::Other, condition)])?;
    let hits = select(&matches, &order, &page, &list)?;
    let ids: Vec<i64> = hits.edges.iter().map(|edge| edge.node.id).collect();
    let mut courses = Course::load_listed(ctx, &ids).await?.into_iter().peekable();
    // A listing that has left since the index was read is left out: its place in the list stays what it was.
    let edges = hits.edges.into_iter().filter_map(|edge| {
        let node = courses.next_if(|course| course.0.id == edge.node.id)?;
        Some(Edge { cursor: edge.cursor, node })
    });
    Ok(Connection {
        edges: edges.collect(),
        has_next: hits.has_next,
        has_previous: hits.has_previous,
        total: hits.total,
    })
}
