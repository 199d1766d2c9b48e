//! Translates sort orders of the API to orders of the index.

use catalog::error::{AppError, Result};
use search::{Order, SortKey, days, has_words};

use crate::graphql::context::RequestContext;
use crate::graphql::course::inputs::{CourseOrder, CourseOrderField, usd};
use crate::graphql::enums::Direction;

/// Translates the requested order. The default is descending relevance if the query has words, otherwise descending
/// rating.
pub(super) fn order(asked: Option<CourseOrder>, text: Option<&str>, request: &RequestContext) -> Result<Order> {
    let usual = if text.is_some_and(has_words) { CourseOrderField::Relevance } else { CourseOrderField::Rating };
    let asked = asked.unwrap_or(CourseOrder { field: usual, direction: Direction::Desc, currency: usd() });
    let by = match asked.field {
        CourseOrderField::Relevance if text.is_some() => SortKey::Relevance,
        CourseOrderField::Relevance => return Err(AppError::input("orderBy.field", "RELEVANCE needs a query")),
        CourseOrderField::Rating => SortKey::Rating,
        CourseOrderField::ReviewCount => SortKey::ReviewCount,
        CourseOrderField::Employment => SortKey::Employment,
        CourseOrderField::Price => SortKey::Price(asked.currency.0.code().to_owned()),
        CourseOrderField::Duration => SortKey::Duration,
        CourseOrderField::MentoringSessions => SortKey::MentoringSessions,
        CourseOrderField::NextStart => SortKey::NextStart(days(request.now.date_naive())),
        CourseOrderField::Title => SortKey::Title,
        CourseOrderField::PublishedAt => SortKey::PublishedAt,
        CourseOrderField::UpdatedAt => SortKey::UpdatedAt,
    };
    Ok(Order { by, descending: asked.direction == Direction::Desc })
}
