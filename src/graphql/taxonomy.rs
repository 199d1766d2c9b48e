//! Skills and subjects: the types and their queries.

mod query;
mod types;

pub use query::TaxonomyQuery;
pub use types::{Skill, Subject};
