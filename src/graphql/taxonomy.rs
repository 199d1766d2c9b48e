//! Skills and subjects, by which listings are classified.

mod query;
mod types;

pub use query::TaxonomyQuery;
pub use types::{Skill, Subject};
