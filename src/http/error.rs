//! Requests that are rejected before they are GraphQL, or that could not be answered at all. Each error has a status
//! and a code from the closed list, in the shape of a GraphQL response, so that clients read all errors the same way.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use async_graphql::{ErrorExtensionValues, ServerError};
use catalog::budget::Exceeded;
use catalog::error::{AppError, Code};
use serde_json::json;

use super::accept::ResponseFormat;
use crate::graphql::error::request_error;

/// Value of `Retry-After` in seconds.
const RETRY_AFTER: &str = "1";

/// HTTP error in the shape of a GraphQL response.
#[derive(Debug)]
pub(super) struct HttpError {
    status: StatusCode,
    code: Code,
    message: Cow<'static, str>,
    header: Option<(HeaderName, Cow<'static, str>)>,
    /// Details if a budget is exhausted.
    exceeded: Option<Box<Exceeded>>,
}

impl HttpError {
    fn new(status: StatusCode, code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), header: None, exceeded: None }
    }

    fn with_header(self, name: HeaderName, value: impl Into<Cow<'static, str>>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }

    /// The client's budget is exhausted.
    pub(super) fn over_budget(message: &'static str, exceeded: &Exceeded) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message);
        let error = error.with_header(header::RETRY_AFTER, exceeded.retry_after.to_string());
        Self { exceeded: Some(Box::new(*exceeded)), ..error }
    }

    /// The client uses too many of these at the same time.
    pub(super) fn too_many(message: &'static str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message)
            .with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// The request is malformed.
    pub(super) fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
    }

    /// The body is in an unsupported format.
    pub(super) fn unsupported_media_type(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, message)
    }

    /// The client accepts no supported format.
    pub(super) fn not_acceptable() -> Self {
        let message = "Answers are application/graphql-response+json or application/json.";
        Self::new(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message)
    }

    /// The body exceeds this limit in bytes.
    pub(super) fn too_large(most: usize) -> Self {
        let message = format!("The body is over the limit of {} KB.", most / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::PayloadTooLarge, message)
    }

    /// The body did not arrive in time.
    pub(super) fn too_slow() -> Self {
        let message = "The body did not arrive within 10 seconds.";
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, message)
    }

    /// The address does not support the method.
    pub(super) fn method_not_allowed(allowed: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, message).with_header(header::ALLOW, allowed)
    }

    /// The token is invalid. The header states the reason as in RFC 6750; the body is always the same.
    pub(super) fn bad_token(reason: &'static str) -> Self {
        let message =
            "The access token is not good, or not any more; sign in again, or leave the Authorization header out.";
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message)
            .with_header(header::WWW_AUTHENTICATE, challenge)
    }

    /// Nothing exists at this address.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "There is nothing here; the API is at /graphql.")
    }

    /// The request cannot be answered now and may be sent again.
    pub(super) fn unavailable(message: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::ServiceUnavailable, message)
            .with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    pub(super) fn database_unavailable() -> Self {
        Self::of(&AppError::Unavailable(String::new()))
    }

    /// The response was not ready in time.
    pub(super) fn timeout() -> Self {
        Self::of(&AppError::OutOfTime)
    }

    /// The request comes from a page of another origin.
    pub(super) fn foreign_origin() -> Self {
        let message = "Pages of this origin may not call the API; allowed_origins names those that may.";
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, message)
    }

    /// The request conflicts with the current state.
    pub(super) fn conflict(message: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, Code::Conflict, message)
    }

    pub(super) fn internal() -> Self {
        Self::of(&AppError::internal(""))
    }

    /// Where there is no GraphQL response to carry an error, it determines the status.
    fn of(error: &AppError) -> Self {
        let status = match error {
            AppError::BadUserInput { .. } | AppError::TooComplex { .. } => StatusCode::BAD_REQUEST,
            AppError::Unauthenticated => StatusCode::UNAUTHORIZED,
            AppError::Forbidden => StatusCode::FORBIDDEN,
            AppError::NotFound(_) => StatusCode::NOT_FOUND,
            AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            AppError::OutOfTime | AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let shown = Self::new(status, error.code(), error.message());
        match status {
            StatusCode::UNAUTHORIZED => shown.with_header(header::WWW_AUTHENTICATE, "Bearer"),
            StatusCode::SERVICE_UNAVAILABLE => shown.with_header(header::RETRY_AFTER, RETRY_AFTER),
            _ => shown,
        }
    }

    /// Figures of an exhausted budget, by their names in the extensions.
    fn figures(&self) -> Vec<(&'static str, u64)> {
        let Some(Exceeded { retry_after, balance }) = self.exceeded.as_deref() else { return Vec::new() };
        let (limit, remaining) = (balance.limit.into(), balance.remaining.into());
        vec![("retryAfter", *retry_after), ("limit", limit), ("remaining", remaining)]
    }

    /// Builds the response in this format.
    pub(super) fn answer(self, kind: ResponseFormat) -> HttpResponse {
        let mut extensions = json!({ "code": self.code.name() });
        for (name, figure) in self.figures() {
            extensions[name] = figure.into();
        }
        let body = json!({ "errors": [{ "message": self.message, "extensions": extensions }] });
        let mut answer = HttpResponse::build(self.status);
        if let Some((name, value)) = self.header {
            answer.insert_header((name, value.as_ref()));
        }
        answer.content_type(kind.media_type()).body(body.to_string())
    }
}

impl From<AppError> for HttpError {
    fn from(error: AppError) -> Self {
        if let AppError::Unavailable(cause) | AppError::Internal(cause) = &error {
            tracing::error!(cause, "a request cannot be answered");
        }
        Self::of(&error)
    }
}

/// For WebSockets, where errors have no status.
impl From<HttpError> for ServerError {
    fn from(error: HttpError) -> Self {
        let figures = error.figures();
        let mut shown = request_error(error.code, error.message, None);
        let extensions = shown.extensions.get_or_insert_with(ErrorExtensionValues::default);
        figures.into_iter().for_each(|(name, figure)| extensions.set(name, figure));
        shown
    }
}
