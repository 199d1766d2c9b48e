//! What search engines read: courses, providers and lists of courses as schema.org has them, in the properties that
//! Google's course list and course info ask for. docs/seo.md says what becomes of which field. What must not go in:
//! facts that no listing states.

mod course;
mod facts;
mod instance;
mod list;
mod provider;
mod script;
mod types;

pub use list::list;
pub use types::{CourseJsonLd, ProviderJsonLd};
