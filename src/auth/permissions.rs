//! The table of permissions, which every mutation is checked against.

use entity::MemberRole;

use super::caller::{Caller, Person};
use crate::error::{AppError, Result};

/// Callers that may use a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
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
pub type Permission = (&'static str, Requirement);

/// All mutations. A test fails if one is missing.
pub const MUTATIONS: &[Permission] = &[
    ("acceptInvitation", Requirement::SignedIn),
    ("answerEnrolmentCheck", Requirement::Member),
    ("changePassword", Requirement::SignedIn),
    ("createCertification", Requirement::Editor),
    ("createCourse", Requirement::Editor),
    ("createServiceToken", Requirement::Owner),
    // Refers to the partner, not to the provider of the course.
    ("decidePartnership", Requirement::Editor),
    ("decideProvider", Requirement::Staff),
    ("decideProviderName", Requirement::Staff),
    ("deleteAccount", Requirement::SignedIn),
    ("deleteCourse", Requirement::Editor),
    ("deleteReview", Requirement::Author),
    ("importCourses", Requirement::Editor),
    // Staff only if there is no owner yet.
    ("inviteMember", Requirement::Owner),
    ("markReviewHelpful", Requirement::SignedIn),
    ("moderateReview", Requirement::Staff),
    // If another issuer has the name: an owner of that issuer, and staff.
    ("publishCertification", Requirement::Editor),
    ("publishCourse", Requirement::Editor),
    ("publishOutcomeReport", Requirement::Editor),
    ("refreshSession", Requirement::Anyone),
    ("registerProvider", Requirement::SignedIn),
    // Every member may also remove themselves.
    ("removeMember", Requirement::Owner),
    ("removeOffering", Requirement::Editor),
    ("replyToReview", Requirement::Member),
    ("reportReview", Requirement::SignedIn),
    ("requestEmailVerification", Requirement::SignedIn),
    ("requestEnrolmentCheck", Requirement::Author),
    ("requestPasswordReset", Requirement::Anyone),
    ("requestReviewVerification", Requirement::Author),
    ("resetPassword", Requirement::Anyone),
    ("retireCertification", Requirement::Editor),
    ("retireCourse", Requirement::Editor),
    ("revokeInvitation", Requirement::Owner),
    ("revokeServiceToken", Requirement::Owner),
    ("saveOffering", Requirement::Editor),
    ("signIn", Requirement::Anyone),
    ("signOut", Requirement::Anyone),
    ("signUp", Requirement::Anyone),
    ("unpublishCourse", Requirement::Editor),
    ("updateCertification", Requirement::Editor),
    ("updateCourse", Requirement::Editor),
    ("updateOutcomeReport", Requirement::Editor),
    ("updateProvider", Requirement::Editor),
    ("updateReview", Requirement::Author),
    ("verifyEmail", Requirement::Anyone),
    ("verifyReview", Requirement::Anyone),
    ("withdrawOutcomeReport", Requirement::Editor),
    ("writeReview", Requirement::SignedIn),
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
    MUTATIONS.iter().any(|(name, who)| *name == mutation && *who != Requirement::Anyone)
}

/// Rejects anonymous callers, before anything is looked up for them.
pub fn require_sign_in(caller: &Caller) -> Result<()> {
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
    if matches!(caller, Caller::System(system) if !system.can_write) && who != Some(Requirement::Anyone) {
        return Err(AppError::Forbidden);
    }
    let may = match who {
        None => return Err(AppError::internal(format!("{mutation} has no row in the table of permissions"))),
        Some(Requirement::Anyone) => true,
        // The service of the mutation checks whether the person is the author.
        Some(Requirement::SignedIn | Requirement::Author) => person,
        Some(Requirement::Member) => role.is_some(),
        Some(Requirement::Editor) => caller.is_staff() || role.is_some(),
        Some(Requirement::Owner) => caller.is_staff() || person && role == Some(MemberRole::Owner),
        Some(Requirement::Staff) => caller.is_staff(),
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
        Caller::Person(_) | Caller::System(_) if !is_public && !caller.can_see_private(provider) => {
            Err(AppError::NotFound(what))
        }
        Caller::Person(_) | Caller::System(_) => permit(caller, mutation, Some(provider)),
    }
}
