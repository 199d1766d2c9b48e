//! Courses: validation, the writes and their authorization, and figures derived from what a listing states.

pub mod delete;
pub mod derived;
mod locked;
pub mod service;
pub mod validation;
pub mod write;

pub use locked::LockedCourse;
