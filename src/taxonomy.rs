//! Skills and subjects: what listings are described by.

pub mod import;
mod query;
mod types;

pub use query::TaxonomyQuery;
pub use types::{Skill, Subject};
