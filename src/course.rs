//! Courses: the type, its queries and mutations, search, and writing.

mod choice;
mod completeness;
mod delete;
mod details;
pub mod facts;
pub mod fields;
mod import;
pub mod inputs;
mod inside;
mod links;
mod listings;
mod loader;
mod mutation;
mod parts;
mod query;
pub mod search;
pub mod service;
mod similar;
mod types;
mod validation;
pub mod write;

pub use details::FinancingPlan;
pub use import::ImportMutation;
pub use links::{Link, linked};
pub use listings::listings;
pub use loader::{DescriptionOf, id_of_slug};
pub use mutation::{CourseMutation, CoursePayload};
pub use parts::{AwardsOf, FinancingOf, RequiredSkillsOf};
pub use query::CourseQuery;
pub use search::{CourseSearchQuery, page_of, under};
pub use types::Course;
