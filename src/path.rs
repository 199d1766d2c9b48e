//! Learning paths: which courses lead from what a learner knows to a career, a certification or a list of skills.
//! docs/paths.md explains the algorithm. Does not belong here: how courses are matched to goals.

mod cheapest_routes;
mod choose;
mod exact;
mod graph;
mod greedy;
mod inputs;
mod learner_view;
mod number_set;
mod query;
pub mod service;
mod types;

pub use query::PathQuery;
