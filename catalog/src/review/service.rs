//! Service functions of reviews: permissions, rules and effects. Every write locks the row of the course's provider, so
//! that writers of one provider's reviews run one after the other and memberships cannot change meanwhile. Ratings are
//! updated in the same transaction; the log entry comes last. Does not belong here: anything of GraphQL.

mod answer;
mod authorization;
mod change;
mod enrol;
mod leave;
mod log;
mod moderate;
mod report;
mod verify;
mod vote;
mod write;

use entity::review;

use super::publication_policy::PublicationPolicy;
use crate::auth::{Caller, Mutation};
use crate::error::Result;
use crate::write::{MutationOutcome, Writer};

pub use self::answer::reply;
pub use self::change::{delete, update};
pub use self::enrol::{EnrolmentAnswer, EnrolmentQuestion, answer as answer_check, ask as ask_check};
pub use self::leave::{export, remove_traces};
pub use self::moderate::{ModerationDecision, moderate};
pub use self::report::{ReportRequest, report};
pub use self::verify::{ask as ask_verification, verify};
pub use self::vote::vote;
pub use self::write::write;

/// Result of a write to a review.
pub type ReviewResult = Result<MutationOutcome<review::Model>>;

/// Context of a mutation.
pub struct ReviewContext<'a> {
    /// Identity under which the change is logged.
    pub writer: Writer,
    /// Caller of the mutation.
    pub caller: &'a Caller,
    /// Mutation, for the permission check.
    pub mutation: Mutation,
    /// Which reviews skip moderation.
    pub publish: PublicationPolicy,
}
