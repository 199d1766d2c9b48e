//! Courses.

mod details;
pub mod facts;
mod links;
mod loader;
mod parts;
mod query;
mod types;

pub use loader::id_of_slug;
pub use query::CourseQuery;
pub use types::Course;
