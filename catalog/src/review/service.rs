//! Service functions of reviews: permissions, rules and effects. Every write locks the row of the course's provider, so
//! that writers of one provider's reviews run one after the other and memberships cannot change meanwhile. Ratings are
//! updated in the same transaction; the log entry comes last. Does not belong here: anything of GraphQL.

mod answer;
mod authorization;
mod change;
mod enrol;
mod import;
mod leave;
mod log;
mod moderate;
mod report;
mod verify;
mod vote;
mod write;

use entity::review;

use super::PublicationPolicy;
use crate::auth::{Caller, Mutation};
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError, Violation};
use crate::write::{MutationOutcome, Writer};

pub use self::answer::reply;
pub use self::change::{delete, update};
pub use self::enrol::{EnrolmentQuestion, answer as answer_check, ask as ask_check};
pub use self::import::{import, import_errors, import_fields};
pub use self::leave::{export, exported, remove_traces};
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

/// Rule with whether it is broken, the field that breaks it, and the code and text of the error.
type Rule<'a> = (bool, &'a str, ValidationCode, &'a str);

/// Returns the errors for the rules that are broken.
fn broken<'a>(rules: impl IntoIterator<Item = Rule<'a>>) -> Vec<ValidationError> {
    let broken = rules.into_iter().filter(|(is_broken, ..)| *is_broken);
    broken.map(|(_, field, code, rule)| ValidationError::of(field, code, rule)).collect()
}

/// Returns the value of a field. If it violates a rule, adds the error and returns an empty value.
fn checked<T: Default>(errors: &mut Vec<ValidationError>, field: &str, value: Result<T, Violation>) -> T {
    value.unwrap_or_else(|violation| {
        errors.push(violation.at(field));
        T::default()
    })
}

/// Result of a mutation that cannot be used on the object with this ID.
fn refused<T>(current: T, code: ValidationCode, rule: &str) -> MutationOutcome<T> {
    MutationOutcome::failure(Some(current), vec![ValidationError::of("id", code, rule)])
}
