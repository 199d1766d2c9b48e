//! Certifications: validation, the writes and their authorization.

pub mod fields;
pub mod service;
pub mod transition;
pub mod validation;
