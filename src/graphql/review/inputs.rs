//! Input objects of the schema for writing and filtering reviews. `validation` validates what they carry.

use async_graphql::InputObject;

use super::enums::{ReviewVerification, ReviewerRelation};
use crate::graphql::scalars::Date;
use crate::graphql::untyped_input::DeferredScalar;

/// Review to write. An update replaces the whole review.
#[derive(InputObject)]
pub struct ReviewInput {
    /// Overall rating of the course, 1 to 5 stars.
    pub rating: i32,
    /// Rating of the content, 1 to 5 stars. Null for no rating.
    pub curriculum: Option<i32>,
    /// Rating of the instructors, 1 to 5 stars. Null for no rating.
    pub instructors: Option<i32>,
    /// Rating of the help with finding a job, 1 to 5 stars. Null for no rating.
    pub job_support: Option<i32>,
    /// Title, one line of at most 200 characters. Null for no title.
    pub title: Option<String>,
    /// Text of the review: plain text of 20 to 5,000 characters. Markup is not interpreted.
    pub body: String,
    /// Author's relation to the course.
    pub relation: ReviewerRelation,
    /// Whether the author was offered or given something in return for the review.
    pub incentive: bool,
    /// Day on which the author finished the course. It must not be in the future. Null if they have not finished it or
    /// do not say. An `APPLICANT` must leave it out.
    pub completed_on: Option<DeferredScalar<Date>>,
}

/// Conditions on reviews. A review must meet every condition that is given. A list matches any of its values; an empty
/// list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ReviewFilter {
    /// Overall ratings, each 1 to 5 stars.
    pub rating: Option<Vec<i32>>,
    /// Evidence that the author took the course.
    pub verification: Option<Vec<ReviewVerification>>,
    /// Author's relation to the course.
    pub relation: Option<Vec<ReviewerRelation>>,
}
