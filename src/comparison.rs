//! Courses side by side: what each says to the same questions, in the same units. What must not go in: what a learner
//! wants (`matching`).

mod criterion;
mod query;
mod rows;
mod said;
mod types;

pub use criterion::Criterion;
pub use query::ComparisonQuery;
pub use types::{ComparisonRow, CourseComparison};
