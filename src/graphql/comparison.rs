//! Comparison of courses: their values for the same criteria, in the same units. What a learner prefers does not belong
//! here; see `matching`.

mod cell;
mod criterion;
mod query;
mod rows;

pub use criterion::Criterion;
pub use query::ComparisonQuery;
pub use rows::{ComparisonRow, CourseComparison};
