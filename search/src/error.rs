//! Errors of a search.

/// Why a search failed.
#[derive(Clone, Debug)]
pub enum Error {
    /// Input breaks a rule.
    BadInput {
        /// Path of the input, with dots between the levels: `filter.price.gte`.
        argument: String,
        /// Rule that it breaks, for the caller to read.
        rule: String,
    },
    /// The request does more than one may.
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// How much there was when the request was stopped.
        figure: u64,
        /// How much there may be.
        limit: u64,
    },
    /// The time of the request is over.
    OutOfTime,
    /// Our own fault. The cause is for the log only.
    Internal(String),
}

/// Result of a search.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Input breaks a rule.
    pub fn input(argument: impl Into<String>, rule: impl Into<String>) -> Self {
        Error::BadInput { argument: argument.into(), rule: rule.into() }
    }

    /// Our own fault, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Error::Internal(cause.to_string())
    }
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Error::internal(error)
    }
}
