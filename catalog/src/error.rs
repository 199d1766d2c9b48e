//! Errors, as a closed list of codes that frontends know.
//!
//! `AppError` deliberately has no `Display`: a GraphQL library turns everything that has one into an error for the
//! client when `?` is used on it, and so a cause could leak. The API converts it by hand and shows no cause.

use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

/// The code of an error, as it stands in `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the codes are described in docs/errors.md")]
pub enum Code {
    BadRequest,
    GraphqlParseFailed,
    GraphqlValidationFailed,
    BadUserInput,
    QueryTooComplex,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    RateLimited,
    PayloadTooLarge,
    UnsupportedMediaType,
    MethodNotAllowed,
    Timeout,
    ServiceUnavailable,
    InternalServerError,
}

impl Code {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Code::BadRequest => "BAD_REQUEST",
            Code::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::Forbidden => "FORBIDDEN",
            Code::NotFound => "NOT_FOUND",
            Code::Conflict => "CONFLICT",
            Code::RateLimited => "RATE_LIMITED",
            Code::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Code::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Code::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Code::Timeout => "TIMEOUT",
            Code::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Code::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// Why a request, or a part of it, was not answered.
#[derive(Clone, Debug)]
pub enum AppError {
    /// The caller's input breaks a rule; `argument` is the path of what breaks it.
    BadUserInput {
        /// The argument, with dots between the levels: `filter.price.gte`.
        argument: String,
        /// The rule, for the caller to read.
        rule: String,
    },
    /// Only those who have signed in may do this.
    Unauthenticated,
    /// The caller sees the thing, and may not do this to it.
    Forbidden,
    /// There is no such thing, or none that the caller may know of; the word says what was looked for.
    NotFound(&'static str),
    /// Too many tries, or no place for this one; the caller may come again after so many seconds.
    RateLimited {
        /// After how many seconds it is worth trying again.
        seconds: u64,
    },
    /// The request does more than one may; nothing of it is answered.
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// How much there was when it was stopped.
        figure: u64,
        /// How much there may be.
        limit: u64,
    },
    /// The time of the request is over.
    OutOfTime,
    /// Somebody else has written the same at the same moment; the caller may try again. The cause is for the log only.
    Conflict(String),
    /// What is needed for the answer is away for the moment. The cause is for the log only.
    Unavailable(String),
    /// Our own fault. The cause is for the log only.
    Internal(String),
}

/// What most functions return.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

impl AppError {
    /// The caller's input breaks a rule.
    pub fn input(argument: impl Into<String>, rule: impl Into<String>) -> Self {
        AppError::BadUserInput { argument: argument.into(), rule: rule.into() }
    }

    /// Our own fault, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        AppError::Internal(cause.to_string())
    }

    /// The code that the caller sees.
    pub fn code(&self) -> Code {
        match self {
            AppError::BadUserInput { .. } => Code::BadUserInput,
            AppError::Unauthenticated => Code::Unauthenticated,
            AppError::Forbidden => Code::Forbidden,
            AppError::NotFound(_) => Code::NotFound,
            AppError::RateLimited { .. } => Code::RateLimited,
            AppError::TooComplex { .. } => Code::QueryTooComplex,
            AppError::OutOfTime => Code::Timeout,
            AppError::Conflict(_) => Code::Conflict,
            AppError::Unavailable(_) => Code::ServiceUnavailable,
            AppError::Internal(_) => Code::InternalServerError,
        }
    }

    /// The words that the caller sees: never those of a library.
    pub fn message(&self) -> String {
        match self {
            AppError::BadUserInput { argument, rule } => format!("{argument}: {rule}"),
            AppError::Unauthenticated => "Sign in first: send Authorization: Bearer TOKEN.".to_owned(),
            AppError::Forbidden => "You may not do this here.".to_owned(),
            AppError::NotFound(what) => format!("There is no such {what}."),
            AppError::RateLimited { seconds } => format!("Too many tries; try again in {seconds} seconds."),
            AppError::TooComplex { what, figure, limit } => {
                format!("The request is over the limit of {limit} {what}: it was stopped at {figure}.")
            }
            AppError::OutOfTime => "The answer was not ready in time; ask for less, or try again shortly.".to_owned(),
            AppError::Conflict(_) => "Somebody else has written the same at the same moment; try again.".to_owned(),
            AppError::Unavailable(_) => "The catalogue cannot be reached at the moment; try again shortly.".to_owned(),
            AppError::Internal(_) => "Something went wrong on our side; it has been logged.".to_owned(),
        }
    }

    /// What went wrong, for the log and for the terminal of whoever runs a command; never for a client.
    pub fn cause(&self) -> String {
        match self {
            AppError::BadUserInput { .. }
            | AppError::Unauthenticated
            | AppError::Forbidden
            | AppError::NotFound(_)
            | AppError::RateLimited { .. }
            | AppError::TooComplex { .. }
            | AppError::OutOfTime => self.message(),
            AppError::Conflict(cause) | AppError::Unavailable(cause) | AppError::Internal(cause) => cause.clone(),
        }
    }
}

impl From<search::Error> for AppError {
    fn from(error: search::Error) -> Self {
        match error {
            search::Error::BadInput { argument, rule } => AppError::BadUserInput { argument, rule },
            search::Error::TooComplex { what, figure, limit } => AppError::TooComplex { what, figure, limit },
            search::Error::OutOfTime => AppError::OutOfTime,
            search::Error::Internal(cause) => AppError::Internal(cause),
        }
    }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        if is_away(&error) {
            AppError::Unavailable(error.to_string())
        } else if is_conflict(&error) {
            AppError::Conflict(error.to_string())
        } else {
            AppError::internal(error)
        }
    }
}

/// Whether another transaction was first: it has taken the same unique value, or PostgreSQL has given way to
/// it, or it has held the one lock of SQLite for longer than we wait (5).
fn is_conflict(error: &DbErr) -> bool {
    let lost = |code: &str| matches!(code, "40001" | "40P01" | "5");
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
        || code_of(error).is_some_and(|code| lost(&code))
}

fn code_of(error: &DbErr) -> Option<String> {
    Some(driver_error(error)?.as_database_error()?.code()?.into_owned())
}

/// Whether the database cannot be reached, as against having refused what it was asked.
fn is_away(error: &DbErr) -> bool {
    use SqlxError::{Io, PoolClosed, PoolTimedOut, WorkerCrashed};
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || matches!(driver_error(error), Some(Io(_) | PoolTimedOut | PoolClosed | WorkerCrashed))
        || code_of(error).is_some_and(|code| is_out_of_order(&code))
}

fn driver_error(error: &DbErr) -> Option<&SqlxError> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return None;
    };
    Some(cause.as_ref())
}

/// Whether this code says that the database cannot do anything at the moment. Those of PostgreSQL have five characters:
/// 57P0x, it is shutting down or starting; 53xxx, it is out of resources; 57014, the statement's time is up; 25006, it only
/// reads, as a standby does that has not taken over yet. Those of
/// SQLite have fewer digits, the last eight bits being the kind: 7, out of memory; 8, the file cannot be written; 10, the
/// disk fails; 13, it is full; 14, the file cannot be opened.
fn is_out_of_order(code: &str) -> bool {
    match code.parse::<i32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 7 | 8 | 10 | 13 | 14),
        Ok(_) | Err(_) => ["57P", "53", "08", "57014", "25006"].iter().any(|start| code.starts_with(start)),
    }
}
