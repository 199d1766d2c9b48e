//! Learning paths: which courses lead from what a learner knows to a career, a certification or a list of skills.
//! docs/paths.md explains the algorithm. Does not belong here: how courses are matched to goals.

mod inputs;
mod query;
mod types;

pub use query::PathQuery;
