//! What mutations answer when the input is at fault: user errors, all at once, and nothing was written.

use async_graphql::{Enum, SimpleObject};

use crate::form::{Fault, FaultCode};

/// What is wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// It must be given.
    Required,
    /// It is not of the right form.
    Invalid,
    /// It is empty or has too few characters.
    TooShort,
    /// It has too many characters or items.
    TooLong,
    /// It is below the least or above the most.
    OutOfRange,
    /// What it names does not exist.
    NotFound,
    /// Something else has it already.
    Taken,
    /// The listing has changed since the version that was read; the answer holds it as it is now.
    Stale,
    /// It may not be changed in this way, or not now.
    NotAllowed,
    /// It stands there twice.
    Duplicate,
    /// The address or the password is wrong.
    WrongCredentials,
    /// Its time is over.
    Expired,
    /// There are as many of these as there may be.
    Limit,
}

/// One fault of an input. Where there is any, nothing was written.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The kind of fault, for programs.
    pub code: UserErrorCode,
    /// The rule that is broken, for people to read.
    pub message: String,
    /// Where it stands: the steps into the mutation's arguments, list indexes as text, e.g. ["input", "pricing", "amount"].
    pub path: Vec<String>,
}

impl UserError {
    /// The fault of something that stands in this argument.
    pub fn within(argument: &str, fault: Fault) -> Self {
        fault.within(argument).into()
    }

    /// The faults of an argument.
    pub fn all(argument: &str, faults: Vec<Fault>) -> Vec<Self> {
        faults.into_iter().map(|fault| Self::within(argument, fault)).collect()
    }

    /// Faults whose paths begin with the argument already.
    pub fn whole(faults: Vec<Fault>) -> Vec<Self> {
        faults.into_iter().map(Self::from).collect()
    }
}

/// A fault whose path begins with the argument.
impl From<Fault> for UserError {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code.into(), message: fault.rule, path: fault.path }
    }
}

impl From<FaultCode> for UserErrorCode {
    fn from(code: FaultCode) -> Self {
        match code {
            FaultCode::Required => UserErrorCode::Required,
            FaultCode::Invalid => UserErrorCode::Invalid,
            FaultCode::TooShort => UserErrorCode::TooShort,
            FaultCode::TooLong => UserErrorCode::TooLong,
            FaultCode::OutOfRange => UserErrorCode::OutOfRange,
            FaultCode::NotFound => UserErrorCode::NotFound,
            FaultCode::Taken => UserErrorCode::Taken,
            FaultCode::Stale => UserErrorCode::Stale,
            FaultCode::Duplicate => UserErrorCode::Duplicate,
            FaultCode::NotAllowed => UserErrorCode::NotAllowed,
            FaultCode::WrongCredentials => UserErrorCode::WrongCredentials,
            FaultCode::Expired => UserErrorCode::Expired,
            FaultCode::Limit => UserErrorCode::Limit,
        }
    }
}
