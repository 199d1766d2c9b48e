//! Courses: validation, the writes and their authorization, and figures derived from what a listing states.

pub mod delete;
pub mod derived;
pub mod import_rows;
mod listing;
mod locked;
mod offering;
pub mod service;
pub mod validation;
pub mod write;

pub use listing::COURSE;
pub use locked::LockedCourse;
pub use offering::{MAX_OFFERINGS, OFFERING};
