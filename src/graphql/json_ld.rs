//! Structured data for search engines: courses, providers and course lists as schema.org documents, with the properties
//! that Google's course list and course info require. docs/seo.md lists which field becomes which property. Facts that
//! no listing states do not belong here.

mod course;
mod course_data;
mod instance;
mod list;
mod provider;
mod script;
mod types;

pub use list::list;
pub use types::{CourseJsonLd, ProviderJsonLd};
