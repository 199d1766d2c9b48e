//! The table of permissions, which every mutation is checked against.

use entity::MemberRole;

use super::caller::{Caller, Person};
use crate::error::{AppError, Result};

/// Callers that may use a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone, signed in or not.
    Anyone,
    /// Every person who is signed in.
    SignedIn,
    /// The person who wrote the object.
    Author,
    /// Editors and owners of the provider and its service tokens, in its name. Staff do not speak for others.
    Member,
    /// Editors and owners of the provider, its service tokens, and staff.
    Editor,
    /// Owners of the provider, and staff.
    Owner,
    /// Staff.
    Staff,
}

/// Name of a mutation and the callers that may use it.
pub type Rule = (&'static str, Who);

/// All mutations. A test fails if one is missing.
pub const MUTATIONS: &[Rule] = &[
    ("acceptInvitation", Who::SignedIn),
    ("answerEnrolmentCheck", Who::Member),
    ("changePassword", Who::SignedIn),
    ("createCertification", Who::Editor),
    ("createCourse", Who::Editor),
    ("createServiceToken", Who::Owner),
    // Refers to the partner, not to the provider of the course.
    ("decidePartnership", Who::Editor),
    ("decideProvider", Who::Staff),
    ("decideProviderName", Who::Staff),
    ("deleteAccount", Who::SignedIn),
    ("deleteCourse", Who::Editor),
    ("deleteReview", Who::Author),
    ("importCourses", Who::Editor),
    // Staff only if there is no owner yet.
    ("inviteMember", Who::Owner),
    ("markReviewHelpful", Who::SignedIn),
    ("moderateReview", Who::Staff),
    // If another issuer has the name: an owner of that issuer, and staff.
    ("publishCertification", Who::Editor),
    ("publishCourse", Who::Editor),
    ("publishOutcomeReport", Who::Editor),
    ("refreshSession", Who::Anyone),
    ("registerProvider", Who::SignedIn),
    // Every member may also remove themselves.
    ("removeMember", Who::Owner),
    ("removeOffering", Who::Editor),
    ("replyToReview", Who::Member),
    ("reportReview", Who::SignedIn),
    ("requestEmailVerification", Who::SignedIn),
    ("requestEnrolmentCheck", Who::Author),
    ("requestPasswordReset", Who::Anyone),
    ("requestReviewVerification", Who::Author),
    ("resetPassword", Who::Anyone),
    ("retireCertification", Who::Editor),
    ("retireCourse", Who::Editor),
    ("revokeInvitation", Who::Owner),
    ("revokeServiceToken", Who::Owner),
    ("saveOffering", Who::Editor),
    ("signIn", Who::Anyone),
    ("signOut", Who::Anyone),
    ("signUp", Who::Anyone),
    ("unpublishCourse", Who::Editor),
    ("updateCertification", Who::Editor),
    ("updateCourse", Who::Editor),
    ("updateOutcomeReport", Who::Editor),
    ("updateProvider", Who::Editor),
    ("updateReview", Who::Author),
    ("verifyEmail", Who::Anyone),
    ("verifyReview", Who::Anyone),
    ("withdrawOutcomeReport", Who::Editor),
    ("writeReview", Who::SignedIn),
];

/// Mutations with a secret in their input or response. Their responses are not stored.
pub const SECRETS: &[&str] = &[
    "acceptInvitation",
    "changePassword",
    "createServiceToken",
    "deleteAccount",
    "inviteMember",
    "refreshSession",
    "resetPassword",
    "signIn",
    "signOut",
    "signUp",
    "verifyEmail",
    "verifyReview",
];

/// Whether a mutation of this name exists and requires signing in.
pub fn needs_sign_in(mutation: &str) -> bool {
    MUTATIONS.iter().any(|(name, who)| *name == mutation && *who != Who::Anyone)
}

/// Rejects anonymous callers, before anything is looked up for them.
pub fn signed_in(caller: &Caller) -> Result<()> {
    match caller {
        Caller::Anonymous => Err(AppError::Unauthenticated),
        Caller::Person(_) | Caller::System(_) => Ok(()),
    }
}

/// Checks that the caller may use a mutation, on something of this provider if it has one. Callers of this function
/// must first check that the object exists and that the caller may see it: anyone who may not gets NOT_FOUND.
pub fn permit(caller: &Caller, mutation: &str, provider: Option<i64>) -> Result<()> {
    let who = MUTATIONS.iter().find(|(name, _)| *name == mutation).map(|(_, who)| *who);
    let role = provider.and_then(|provider| caller.role(provider));
    let person = matches!(caller, Caller::Person(Person { .. }));
    if matches!(caller, Caller::System(system) if !system.can_write) && who != Some(Who::Anyone) {
        return Err(AppError::Forbidden);
    }
    let may = match who {
        None => return Err(AppError::internal(format!("{mutation} has no row in the table of permissions"))),
        Some(Who::Anyone) => true,
        // The service of the mutation checks whether the person is the author.
        Some(Who::SignedIn | Who::Author) => person,
        Some(Who::Member) => role.is_some(),
        Some(Who::Editor) => caller.is_staff() || role.is_some(),
        Some(Who::Owner) => caller.is_staff() || person && role == Some(MemberRole::Owner),
        Some(Who::Staff) => caller.is_staff(),
    };
    match (may, caller) {
        (true, _) => Ok(()),
        (false, Caller::Anonymous) => Err(AppError::Unauthenticated),
        (false, Caller::Person(_) | Caller::System(_)) => Err(AppError::Forbidden),
    }
}

/// Like [`permit`], for an object that may be hidden from the public. Callers who may not see it get NOT_FOUND,
/// anonymous callers UNAUTHENTICATED in any case.
pub fn permit_on(
    caller: &Caller,
    mutation: &str,
    (what, provider): (&'static str, i64),
    is_public: bool,
) -> Result<()> {
    match caller {
        Caller::Anonymous => Err(AppError::Unauthenticated),
        Caller::Person(_) | Caller::System(_) if !is_public && !caller.sees_inside(provider) => {
            Err(AppError::NotFound(what))
        }
        Caller::Person(_) | Caller::System(_) => permit(caller, mutation, Some(provider)),
    }
}
