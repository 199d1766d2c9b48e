//! What a learner wants, and which courses fit it best, each with its reasons. What must not go in: how courses are looked
//! up and scored in the index.

mod asked;
mod goal;
pub mod inputs;
mod query;
mod says;
mod types;
mod wanted;
mod weights;

pub use query::MatchingQuery;
pub use types::{CourseMatch, CourseMatches, MatchReason};
pub use weights::Weights;
