//! Courses: the type, its queries and mutations, and search.

mod child_rows;
mod completeness;
mod details;
pub mod fields;
mod import;
pub mod inputs;
mod learner_fields;
mod links;
mod listings;
mod loader;
mod mutation;
mod private_fields;
mod query;
pub mod search;
mod similar;
mod types;

pub use child_rows::{AwardsOf, FinancingOf, RequiredSkillsOf};
pub use details::FinancingPlan;
pub use import::ImportMutation;
pub use links::{Link, linked};
pub use listings::listings;
pub use loader::{DescriptionOf, id_of_slug};
pub use mutation::{CourseMutation, CoursePayload};
pub use query::CourseQuery;
pub use search::{CourseSearchQuery, has_id, page_of};
pub use types::Course;
