//! Certifications: qualifications that an issuer awards to those who pass.

pub mod fields;
pub mod namesakes;
pub mod service;
pub mod transition;
pub mod validation;
