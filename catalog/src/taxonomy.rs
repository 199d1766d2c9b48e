//! Skills and subjects, by which listings are classified.

pub mod import;
