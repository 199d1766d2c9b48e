//! Reviews: the type, its lists, queries and mutations.

mod checks;
mod course_reviews;
mod enums;
mod list;
mod loader;
mod mutation;
mod query;
mod types;

pub use checks::{EnrolmentCheck, ProviderChecks};
pub use course_reviews::CourseReviews;
pub use list::of_account;
pub use mutation::{ReviewAuthorMutation, ReviewReaderMutation};
pub use query::ReviewQuery;
pub use types::Review;
