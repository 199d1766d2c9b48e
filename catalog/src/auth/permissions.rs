//! The table of permissions, which every mutation is checked against.

use entity::MemberRole;
use sea_orm::EnumIter;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
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

/// All mutations, by their names in the schema. A test fails if one is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is described in the schema")]
pub enum Mutation {
    AcceptInvitation,
    AnswerEnrolmentCheck,
    ChangePassword,
    CreateCertification,
    CreateCourse,
    CreateServiceToken,
    DecidePartnership,
    DecideProvider,
    DecideProviderName,
    DeleteAccount,
    DeleteCourse,
    DeleteReview,
    ImportCourses,
    InviteMember,
    MarkReviewHelpful,
    ModerateReview,
    PublishCertification,
    PublishCourse,
    PublishOutcomeReport,
    RefreshSession,
    RegisterProvider,
    RemoveMember,
    RemoveOffering,
    ReplyToReview,
    ReportReview,
    RequestEmailVerification,
    RequestEnrolmentCheck,
    RequestPasswordReset,
    RequestReviewVerification,
    ResetPassword,
    RetireCertification,
    RetireCourse,
    RevokeInvitation,
    RevokeServiceToken,
    SaveOffering,
    SignIn,
    SignOut,
    SignUp,
    UnpublishCourse,
    UpdateCertification,
    UpdateCourse,
    UpdateOutcomeReport,
    UpdateProvider,
    UpdateReview,
    VerifyEmail,
    VerifyReview,
    WithdrawOutcomeReport,
    WriteReview,
}

impl Mutation {
    /// Mutation with this name in the schema.
    pub fn named(name: &str) -> Option<Self> {
        Self::deserialize(StrDeserializer::<Error>::new(name)).ok()
    }

    /// Callers that may use the mutation.
    pub fn requirement(self) -> Requirement {
        use Mutation::*;
        match self {
            RefreshSession | RequestPasswordReset | ResetPassword | SignIn | SignOut | SignUp | VerifyEmail
            | VerifyReview => Requirement::Anyone,
            AcceptInvitation
            | ChangePassword
            | DeleteAccount
            | MarkReviewHelpful
            | RegisterProvider
            | ReportReview
            | RequestEmailVerification
            | WriteReview => Requirement::SignedIn,
            DeleteReview | RequestEnrolmentCheck | RequestReviewVerification | UpdateReview => Requirement::Author,
            AnswerEnrolmentCheck | ReplyToReview => Requirement::Member,
            // DecidePartnership refers to the partner, not to the provider of the course. PublishCertification, if
            // another issuer has the name: an owner of that issuer, and staff.
            CreateCertification
            | CreateCourse
            | DecidePartnership
            | DeleteCourse
            | ImportCourses
            | PublishCertification
            | PublishCourse
            | PublishOutcomeReport
            | RemoveOffering
            | RetireCertification
            | RetireCourse
            | SaveOffering
            | UnpublishCourse
            | UpdateCertification
            | UpdateCourse
            | UpdateOutcomeReport
            | UpdateProvider
            | WithdrawOutcomeReport => Requirement::Editor,
            // InviteMember: staff only if there is no owner yet. RemoveMember: every member may also remove themselves.
            CreateServiceToken | InviteMember | RemoveMember | RevokeInvitation | RevokeServiceToken => {
                Requirement::Owner
            }
            DecideProvider | DecideProviderName | ModerateReview => Requirement::Staff,
        }
    }

    /// Whether the input or response holds a secret. Such a response is not stored.
    pub fn has_secret(self) -> bool {
        use Mutation::*;
        matches!(
            self,
            AcceptInvitation
                | ChangePassword
                | CreateServiceToken
                | DeleteAccount
                | InviteMember
                | RefreshSession
                | ResetPassword
                | SignIn
                | SignOut
                | SignUp
                | VerifyEmail
                | VerifyReview
        )
    }
}

/// Whether a mutation of this name exists and requires signing in.
pub fn needs_sign_in(mutation: &str) -> bool {
    Mutation::named(mutation).is_some_and(|mutation| mutation.requirement() != Requirement::Anyone)
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
pub fn permit(caller: &Caller, mutation: Mutation, provider: Option<i64>) -> Result<()> {
    let who = mutation.requirement();
    let role = provider.and_then(|provider| caller.role(provider));
    let person = matches!(caller, Caller::Person(_));
    if matches!(caller, Caller::System(system) if !system.can_write) && who != Requirement::Anyone {
        return Err(AppError::Forbidden);
    }
    let may = match who {
        Requirement::Anyone => true,
        // The service of the mutation checks whether the person is the author.
        Requirement::SignedIn | Requirement::Author => person,
        Requirement::Member => role.is_some(),
        Requirement::Editor => caller.is_staff() || role.is_some(),
        Requirement::Owner => caller.is_staff() || person && role == Some(MemberRole::Owner),
        Requirement::Staff => caller.is_staff(),
    };
    if may {
        return Ok(());
    }
    require_sign_in(caller)?;
    Err(AppError::Forbidden)
}

/// Like [`permit`], for an object that may be hidden from the public. Callers who may not see it get NOT_FOUND,
/// anonymous callers UNAUTHENTICATED in any case.
pub fn permit_on(
    caller: &Caller,
    mutation: Mutation,
    (what, provider): (&'static str, i64),
    is_public: bool,
) -> Result<()> {
    require_sign_in(caller)?;
    if !is_public && !caller.can_see_private(provider) {
        return Err(AppError::NotFound(what));
    }
    permit(caller, mutation, Some(provider))
}
