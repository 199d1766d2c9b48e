//! Outcome reports: the type, its lists and mutations.

mod inputs;
mod loader;
mod mutation;
mod pages;
mod types;

pub use mutation::{OutcomeMutation, OutcomeReportPayload};
pub use pages::of_provider;
pub use types::{CourseOutcomes, OutcomeReport};
