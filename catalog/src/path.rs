//! Learning paths: which courses lead from what a learner knows to a career, a certification or a list of skills.
//! docs/paths.md explains the algorithm. Does not belong here: how courses are matched to goals.

pub mod cheapest_routes;
pub mod choose;
pub mod exact;
pub mod graph;
pub mod greedy;
pub mod learner_view;
pub mod number_set;
pub mod service;
