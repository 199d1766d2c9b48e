//! Reviews: who may write and see them, validation, and moderation. Does not belong here: the rating figures derived
//! from reviews, which `rating` keeps.

pub mod emails;
pub mod publication_policy;
pub mod service;
pub mod validation;

pub use publication_policy::PublicationPolicy;
