//! Certifications: validation, the writes and their authorization.

pub mod listing;
pub mod service;
pub mod transition;
