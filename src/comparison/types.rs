//! A comparison as the API shows it.

use async_graphql::{Context, Object, SimpleObject};

use super::criterion::Criterion;
use super::rows::rows;
use crate::course::Course;
use crate::error::Result;

/// Courses side by side.
pub struct CourseComparison(pub(super) Vec<Course>);

/// Courses side by side.
#[Object]
impl CourseComparison {
    /// The courses, in the order in which they were asked for.
    async fn courses(&self) -> &[Course] {
        &self.0
    }

    /// What they say: a row for every criterion, in the order of Criterion. PRICE has one for every currency that any of
    /// them states a price in, by its code, and one without unit and values where none does.
    async fn rows(&self, ctx: &Context<'_>) -> Result<Vec<ComparisonRow>> {
        rows(ctx, &self.0).await
    }
}

/// What the courses say to one criterion.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct ComparisonRow {
    /// What is compared.
    pub criterion: Criterion,
    /// The unit of all values: hours, hours/week, sessions, months, stars, reviews, awards, or a currency of ISO 4217; null
    /// where they are no numbers.
    pub unit: Option<String>,
    /// What each course says, in their order: a number in decimal form, true or false, a day, members of a closed list,
    /// slugs or tags; several stand in the listing's order with ", " between them. null where it is not stated.
    pub values: Vec<Option<String>>,
    /// The places of the courses with the best value, from 0, all of them where several have it. Empty where no value is
    /// better than another, where all that is stated is the same, and where fewer than two courses state one.
    pub best: Vec<usize>,
}
