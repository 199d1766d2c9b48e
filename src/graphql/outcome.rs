//! Outcome reports: the type, its lists and mutations.

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
