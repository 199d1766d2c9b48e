//! Matching: ranks courses by how well they fit a learner's goal, and gives the reasons. Does not belong here: how the
//! index finds and scores courses.

mod criterion;
mod criterion_text;
mod explanation;
mod goal;
pub mod inputs;
mod types;
mod weights;

pub use types::{CourseMatch, CourseMatches, MatchReason, MatchingQuery};
pub use weights::Weights;
