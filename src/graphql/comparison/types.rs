//! The comparison types of the schema.

use async_graphql::{Context, Object, SimpleObject};

use super::criterion::Criterion;
use super::rows::rows;
use crate::graphql::course::Course;
use crate::graphql::error::Result;

/// A comparison of courses.
pub struct CourseComparison(pub(super) Vec<Course>);

/// A comparison of courses.
#[Object]
impl CourseComparison {
    /// Compared courses, in the order of the request.
    async fn courses(&self) -> &[Course] {
        &self.0
    }

    /// One row per criterion, in the order of `Criterion`. PRICE has one row per currency in which any of the courses
    /// states a price, sorted by currency code; if none does, a single row without unit and values.
    async fn rows(&self, ctx: &Context<'_>) -> Result<Vec<ComparisonRow>> {
        Ok(rows(ctx, &self.0).await?)
    }
}

/// Values of the courses for one criterion.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct ComparisonRow {
    /// The criterion.
    pub criterion: Criterion,
    /// Unit of the values: hours, hours/week, sessions, months, stars, reviews, awards, or an ISO 4217 currency code.
    /// Null if the values are not numbers.
    pub unit: Option<String>,
    /// Values in the order of the courses: a decimal number, true or false, a day, enum values, slugs or language tags.
    /// Several values are separated by ", ". Null if the course does not state one.
    pub values: Vec<Option<String>>,
    /// Indexes of the courses with the best value, starting at 0; several if they share it. Empty if no value of this
    /// criterion is better than another, if all stated values are equal, or if fewer than two courses state one.
    pub best: Vec<usize>,
}
