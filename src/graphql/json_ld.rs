//! Structured data for search engines: courses, providers and course lists as schema.org documents, with the properties
//! that Google's course list and course info require. docs/seo.md lists which field becomes which property. Facts that
//! no listing states do not belong here.

mod course;
mod course_data;
mod document;
mod instance;
mod provider;
mod types;

pub use types::{CourseJsonLd, ProviderJsonLd, list};
