//! Outcome reports: what became of those who took a course, as its provider publishes it, in the shape of the standard of
//! the Council on Integrity in Results Reporting (CIRR, <https://cirr.org/standards>). What must not go in: figures that
//! others publish (`statistic`), and what learners say (reviews).

mod draft;
mod employment;
mod fields;
mod figures;
mod inputs;
mod loader;
mod mutation;
mod of_course;
mod pages;
mod parts;
pub mod ranking;
mod salaries;
mod service;
mod types;

pub use mutation::{OutcomeMutation, OutcomeReportPayload};
pub use of_course::CourseOutcomes;
pub use pages::of_provider;
pub use types::OutcomeReport;
