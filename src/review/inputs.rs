//! What mutations say of a review, and how reviews are filtered: input objects that give the schema its form. What they
//! say is read by `draft`.

use async_graphql::InputObject;

use super::enums::{ReviewVerification, ReviewerRelation};
use crate::graphql::raw::Unread;
use crate::graphql::scalars::Date;

/// A review, whole.
#[derive(InputObject)]
pub struct ReviewInput {
    /// How good the course is all in all, 1 to 5 stars.
    pub rating: i32,
    /// How good its content is, 1 to 5; null where the author does not say.
    pub curriculum: Option<i32>,
    /// How good its instructors are, 1 to 5; null where the author does not say.
    pub instructors: Option<i32>,
    /// How good its help with finding a job is, 1 to 5; null where the author does not say.
    pub job_support: Option<i32>,
    /// A headline: one line of at most 200 characters; null for none.
    pub title: Option<String>,
    /// What the author has to say: plain text of 20 to 5,000 characters. Markup is text like any other.
    pub body: String,
    /// What the author is to the course.
    pub relation: ReviewerRelation,
    /// Whether the author was offered something for the review, or has been given it.
    pub incentive: bool,
    /// The day on which the author finished the course, not in the future; null where they have not or do not say. An
    /// APPLICANT has none.
    pub completed_on: Option<Unread<Date>>,
}

/// Conditions on reviews, all of which have to be met. In a list any of the values will do, so that an empty list
/// matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ReviewFilter {
    /// How many stars they give, 1 to 5.
    pub rating: Option<Vec<i32>>,
    /// What is known of whether their authors took the course.
    pub verification: Option<Vec<ReviewVerification>>,
    /// What their authors are to the course.
    pub relation: Option<Vec<ReviewerRelation>>,
}
