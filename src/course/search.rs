//! Searching courses: text, filter, order and facets.

mod check;
mod conditions;
pub mod facets;
mod offers;
mod order;
mod query;
pub mod types;

pub use order::{page_of, under};
pub use query::CourseSearchQuery;
