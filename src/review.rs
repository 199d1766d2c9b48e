//! Reviews: what learners say of courses, who sees it, and what becomes of it. What must not go in: the figures that are
//! made of them, which are kept by `rating`.

mod checks;
mod choice;
mod decisions;
mod draft;
mod enums;
mod inputs;
mod letters;
mod list;
mod loader;
mod mutation;
mod publish;
mod query;
pub(crate) mod service;
mod types;

pub use checks::{EnrolmentCheck, ProviderChecks};
pub use choice::CourseReviews;
pub use list::of_account;
pub use mutation::{ReviewAuthorMutation, ReviewReaderMutation};
pub use publish::Publish;
pub use query::ReviewQuery;
pub use types::Review;
