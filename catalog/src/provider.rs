//! Providers: validation, the writes and their authorization, and the decisions of staff.

pub mod details;
mod listing;
pub mod namesakes;
pub mod service;

pub use details::Details;
pub use listing::{PROVIDER, ValidatedProvider, next};
