//! Reviews: what learners write about courses, who sees it, and moderation. Does not belong here: the rating figures
//! derived from reviews, which `rating` keeps.

mod checks;
mod course_reviews;
mod decisions;
mod emails;
mod enums;
mod inputs;
mod list;
mod loader;
mod mutation;
mod publication_policy;
mod query;
pub(crate) mod service;
mod types;
mod validation;

pub use checks::{EnrolmentCheck, ProviderChecks};
pub use course_reviews::CourseReviews;
pub use list::of_account;
pub use mutation::{ReviewAuthorMutation, ReviewReaderMutation};
pub use publication_policy::PublicationPolicy;
pub use query::ReviewQuery;
pub use types::Review;
