//! Providers: validation, the writes and their authorization, and the decisions of staff.

pub mod details;
pub mod fields;
pub mod namesakes;
pub mod service;
pub mod validation;

pub use details::Details;
pub use validation::{ValidatedProvider, blank, next};
