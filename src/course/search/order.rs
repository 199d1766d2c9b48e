//! Translates sort orders of the API to orders of the index.

use crate::course::inputs::{CourseOrder, CourseOrderField, usd};
use crate::error::{AppError, Result};
use crate::graphql::context::RequestContext;
use crate::graphql::enums::Direction;
use crate::search::{By, Order, days, has_words};

/// Translates the requested order. The default is descending relevance if the query has words, otherwise descending
/// rating.
pub(super) fn order(asked: Option<CourseOrder>, text: Option<&str>, request: &RequestContext) -> Result<Order> {
    let usual = if text.is_some_and(has_words) { CourseOrderField::Relevance } else { CourseOrderField::Rating };
    let asked = asked.unwrap_or(CourseOrder { field: usual, direction: Direction::Desc, currency: usd() });
    let by = match asked.field {
        CourseOrderField::Relevance if text.is_some() => By::Relevance,
        CourseOrderField::Relevance => return Err(AppError::input("orderBy.field", "RELEVANCE needs a query")),
        CourseOrderField::Rating => By::Rating,
        CourseOrderField::ReviewCount => By::ReviewCount,
        CourseOrderField::Employment => By::Employment,
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
