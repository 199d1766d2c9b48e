//! Courses: the type, its queries and mutations, search, and writing.

pub mod delete;
pub mod derived;
pub mod service;
pub mod validation;
pub mod write;
