//! Errors of the GraphQL API: the only way out of an `AppError` to a client. It shows no cause.

use async_graphql::{ErrorExtensionValues, ServerError, Value};
use catalog::error::{AppError, Code};

/// Error of a resolver.
#[derive(Clone, Debug)]
pub struct ApiError(pub AppError);

/// Result of a resolver.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<ApiError> for AppError {
    fn from(error: ApiError) -> Self {
        error.0
    }
}

impl From<search::Error> for ApiError {
    fn from(error: search::Error) -> Self {
        Self(error.into())
    }
}

impl From<sea_orm::DbErr> for ApiError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self(error.into())
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(ApiError(error): ApiError) -> Self {
        if let AppError::Unavailable(cause) | AppError::Internal(cause) = &error {
            tracing::error!(%cause, "a field failed");
        }
        let mut shown = async_graphql::Error::new(error.message());
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", error.code().name());
        if let AppError::BadUserInput { argument, .. } = &error {
            extensions.set("argument", argument.as_str());
        }
        if let AppError::RateLimited { seconds } = &error {
            extensions.set("retryAfter", *seconds);
        }
        if let AppError::TooComplex { what, figure, limit } = &error {
            extensions.set("what", *what);
            extensions.set("figure", *figure);
            extensions.set("limit", *limit);
        }
        shown.extensions = Some(extensions);
        shown
    }
}

/// An error of a document or its variables, found before anything runs.
pub fn request_error(code: Code, message: impl Into<String>, at: Option<async_graphql::Pos>) -> ServerError {
    extend(ServerError::new(message, at), "code", code.name())
}

/// Adds a value to an error, for programs.
pub fn extend(mut error: ServerError, name: &str, value: impl Into<Value>) -> ServerError {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
    error
}

/// A message cut to a length, and within it every word, which may be a name of the caller's: an answer must not be a
/// larger echo of the request.
pub fn clipped(message: &str, word: usize, whole: usize) -> String {
    let cut = |text: &str, most: usize| match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    let words: Vec<String> = message.split(' ').map(|text| cut(text, word)).collect();
    cut(&words.join(" "), whole)
}
