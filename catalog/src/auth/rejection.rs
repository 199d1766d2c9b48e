//! Reasons to reject a token. The reason goes to the log and, as `error_description`, to whoever sent the token. The
//! body of the response is the same for all reasons.

use jsonwebtoken::errors::ErrorKind;

use crate::error::AppError;

/// Reason to reject a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is described by its description")]
pub enum Rejection {
    NotBearer,
    TooLong,
    Malformed,
    Header,
    Claims,
    UnknownIssuer,
    UnknownKey,
    KeyTooShort,
    UnsupportedKey,
    Algorithm,
    Signature,
    Audience,
    Expired,
    NotYetValid,
    SessionEnded,
    NoVerifiedAddress,
    AddressTaken,
    AccountDeleted,
    UnknownServiceToken,
    Revoked,
    MakerGone,
}

impl Rejection {
    /// Returns a text that helps the client and contains nothing from the token.
    pub fn description(self) -> &'static str {
        match self {
            Self::NotBearer => "the header must be Bearer and one token",
            Self::TooLong => "the token is too long",
            Self::Malformed => "the token is malformed",
            Self::Header => "the header of the token is not accepted",
            Self::Claims => "a claim is missing or malformed",
            Self::UnknownIssuer => "unknown issuer",
            Self::UnknownKey => "unknown key",
            Self::KeyTooShort => "the key is too short",
            Self::UnsupportedKey => "the key is not supported",
            Self::Algorithm => "the algorithm is unknown or not that of the key",
            Self::Signature => "the signature does not match",
            Self::Audience => "wrong audience",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not yet valid",
            Self::SessionEnded => "the session has ended or the account is gone",
            Self::NoVerifiedAddress => "the token has no verified e-mail address",
            Self::AddressTaken => "the address belongs to the account of another subject",
            Self::AccountDeleted => "the account was deleted after the token was issued",
            Self::UnknownServiceToken => "unknown service token",
            Self::Revoked => "the token was revoked",
            Self::MakerGone => "whoever made the token does not act for the provider any more",
        }
    }
}

impl From<jsonwebtoken::errors::Error> for Rejection {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors")]
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        match error.into_kind() {
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidIssuer => Self::UnknownIssuer,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
                Self::Algorithm
            }
            ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) | ErrorKind::Json(_) => Self::Claims,
            ErrorKind::InvalidRsaKey(_)
            | ErrorKind::InvalidEcdsaKey
            | ErrorKind::InvalidEddsaKey
            | ErrorKind::InvalidKeyFormat => Self::UnsupportedKey,
            _ => Self::Malformed,
        }
    }
}

/// Failure to identify the sender of a token.
#[derive(Debug)]
pub enum IdentifyError {
    /// The token is rejected.
    Rejected(Rejection),
    /// The token could not be checked.
    Failed(AppError),
}

impl From<Rejection> for IdentifyError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<AppError> for IdentifyError {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}
