//! Courses.

pub mod facts;
