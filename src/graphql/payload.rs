//! User errors of mutations: all validation errors of an input at once, and nothing was written.

use async_graphql::{Enum, SimpleObject};
use catalog::input::ValidationError;

use super::enums::shown;

shown! {
    /// Kind of a user error.
    UserErrorCode = "catalog::input::ValidationCode" {
        /// A required value is missing.
        Required,
        /// The value has the wrong form.
        Invalid,
        /// The text is empty or too short.
        TooShort,
        /// The text or list is too long.
        TooLong,
        /// The value is below the minimum or above the maximum.
        OutOfRange,
        /// The object it refers to does not exist.
        NotFound,
        /// The value is already in use elsewhere.
        Taken,
        /// The listing has changed since the version you read. The payload holds its current state.
        Stale,
        /// The change is not allowed, or not allowed now.
        NotAllowed,
        /// The value occurs twice.
        Duplicate,
        /// The email address or the password is wrong.
        WrongCredentials,
        /// It has expired.
        Expired,
        /// The maximum number is reached.
        Limit,
    }
}

/// Validation error of an input. If there are any, nothing was written.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// Kind of the error, for programs.
    pub code: UserErrorCode,
    /// Violated rule, for people.
    pub message: String,
    /// Path into the arguments of the mutation. List indexes are strings, e.g. `["input", "pricing", "amount"]`.
    pub path: Vec<String>,
}

impl UserError {
    /// Converts the errors of an argument.
    pub fn all(argument: &str, errors: Vec<ValidationError>) -> Vec<Self> {
        errors.into_iter().map(|error| error.within(argument).into()).collect()
    }

    /// Converts errors whose paths already start with the argument.
    pub fn whole(errors: Vec<ValidationError>) -> Vec<Self> {
        errors.into_iter().map(Self::from).collect()
    }
}

/// Converts an error whose path already starts with the argument.
impl From<ValidationError> for UserError {
    fn from(error: ValidationError) -> Self {
        Self { code: error.code.into(), message: error.rule, path: error.path }
    }
}
