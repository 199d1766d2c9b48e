//! Learning paths: which courses lead from what a learner knows to what a career, a certification or a list of skills
//! asks for. docs/paths.md says how they are found. What must not go in: how courses are matched to wishes.

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
