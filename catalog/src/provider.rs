//! Providers: the schools, platforms and companies that offer courses and issue certifications.

pub mod details;
pub mod fields;
pub mod service;
pub mod validation;

pub use details::Details;
pub use validation::{ValidatedProvider, blank, next};
