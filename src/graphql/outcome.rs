//! Outcome reports: results of the graduates of a course, as its provider publishes them, following the standard of the
//! Council on Integrity in Results Reporting (CIRR, <https://cirr.org/standards>). Figures published by others are in
//! `statistic`, the opinions of learners in `review`.

mod course_outcomes;
mod employment;
mod inputs;
mod loader;
mod mutation;
mod pages;
mod types;

pub use course_outcomes::CourseOutcomes;
pub use mutation::{OutcomeMutation, OutcomeReportPayload};
pub use pages::of_provider;
pub use types::OutcomeReport;
