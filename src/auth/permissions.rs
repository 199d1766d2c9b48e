//! Who may do what: the one table that every mutation is held against.

use entity::MemberRole;

use super::caller::{Caller, Person};
use crate::error::{AppError, Result};

/// Who may use a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone, also without signing in.
    Anyone,
    /// Every person who has signed in.
    SignedIn,
    /// Whoever has written it, a person.
    Author,
    /// Editors and owners of the provider and its own systems, in its name: staff do not speak for others.
    Member,
    /// Editors and owners of the provider, its own systems, and staff.
    Editor,
    /// Owners of the provider, and staff.
    Owner,
    /// Staff.
    Staff,
}

/// A mutation and who may use it.
pub type Rule = (&'static str, Who);

/// Every mutation there is. One without a row here does not pass the tests.
pub const MUTATIONS: &[Rule] = &[
    ("acceptInvitation", Who::SignedIn),
    ("answerEnrolmentCheck", Who::Member),
    ("changePassword", Who::SignedIn),
    ("createCertification", Who::Editor),
    ("createCourse", Who::Editor),
    ("createServiceToken", Who::Owner),
    // Of the partner, not of the provider of the course.
    ("decidePartnership", Who::Editor),
    ("decideProvider", Who::Staff),
    ("decideProviderName", Who::Staff),
    ("deleteAccount", Who::SignedIn),
    ("deleteCourse", Who::Editor),
    ("deleteReview", Who::Author),
    ("importCourses", Who::Editor),
    // Staff only where there is no owner yet.
    ("inviteMember", Who::Owner),
    ("markReviewHelpful", Who::SignedIn),
    ("moderateReview", Who::Staff),
    // Where another issuer has the name: an owner of that one, and staff.
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

/// Mutations whose answer holds a secret, or whose input does: what they answer is kept nowhere.
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

/// Whether there is a mutation of this name, and it is not for anonymous callers.
pub fn needs_sign_in(mutation: &str) -> bool {
    MUTATIONS.iter().any(|(name, who)| *name == mutation && *who != Who::Anyone)
}

/// Refuses who has not signed in, before anything is looked up for them.
pub fn signed_in(caller: &Caller) -> Result<()> {
    match caller {
        Caller::Anonymous => Err(AppError::Unauthenticated),
        Caller::Person(_) | Caller::System(_) => Ok(()),
    }
}

/// Lets a caller pass who may use a mutation on something of this provider, where it is about one. Whether the thing
/// exists and the caller may know of it is the caller of this function's to say first: who may not see a thing is told
/// that there is none.
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
        // Whether they are the author is for whoever knows what it is about to say.
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

/// The same for something that the public may not see: who may not either is told that there is none. Who has not
/// signed in is told to, whatever there is.
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
