//! Outcome reports: results of the graduates of a course, as its provider publishes them, following the standard of
//! the Council on Integrity in Results Reporting (CIRR, <https://cirr.org/standards>). Figures published by others are
//! statistics, the opinions of learners reviews.

pub mod children;
pub mod fields;
pub mod figures;
pub mod import;
pub mod ranking;
pub mod salaries;
pub mod service;
pub mod validation;
