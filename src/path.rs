//! Learning paths: which courses lead from what a learner knows to a career, a certification or a list of skills.
//! docs/paths.md explains the algorithm. Does not belong here: how courses are matched to goals.

mod choose;
mod exact;
mod facts;
mod field;
mod graph;
mod greedy;
mod inputs;
mod query;
pub mod service;
mod types;
mod ways;

pub use query::PathQuery;
