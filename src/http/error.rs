//! Requests that are rejected before they are GraphQL, or that could not be answered at all. Each error has a status
//! and a code from the closed list, in the shape of a GraphQL response, so that clients read all errors the same way.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use catalog::budget::Exceeded;
use catalog::error::{AppError, Code};
use serde_json::json;

use super::accept::ResponseFormat;

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

    /// The client's budget is exhausted.
    pub(super) fn over_budget(message: &'static str, exceeded: &Exceeded) -> Self {
        Self {
            exceeded: Some(Box::new(*exceeded)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message)
        }
    }

    /// The client uses too many of these at the same time.
    pub(super) fn too_many(message: &'static str) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message);
        Self { header: Some((header::RETRY_AFTER, RETRY_AFTER.into())), ..error }
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
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, message);
        Self { header: Some((header::ALLOW, allowed.into())), ..error }
    }

    /// The token is invalid. The header states the reason as in RFC 6750; the body is always the same.
    pub(super) fn bad_token(reason: &'static str) -> Self {
        let message =
            "The access token is not good, or not any more; sign in again, or leave the Authorization header out.";
        let error = Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message);
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
        Self { header: Some((header::WWW_AUTHENTICATE, challenge.into())), ..error }
    }

    /// Nothing exists at this address.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "There is nothing here; the API is at /graphql.")
    }

    /// The object does not exist, or the public must not know of it.
    pub(super) fn no_such_object(what: &'static str) -> Self {
        AppError::NotFound(what).into()
    }

    /// The request cannot be answered now and may be sent again.
    pub(super) fn unavailable(message: &'static str) -> Self {
        Self::retry_later(Code::ServiceUnavailable, message)
    }

    /// The database is unavailable.
    pub(super) fn database_unavailable() -> Self {
        Self::unavailable("The catalogue cannot be reached at the moment; try again shortly.")
    }

    /// The response was not ready in time.
    pub(super) fn timeout() -> Self {
        Self::retry_later(Code::Timeout, "The answer was not ready in time; ask for less, or try again shortly.")
    }

    fn retry_later(code: Code, message: &'static str) -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
        Self { header: Some((header::RETRY_AFTER, RETRY_AFTER.into())), ..error }
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

    /// Internal error.
    pub(super) fn internal() -> Self {
        let message = "Something went wrong on our side; it has been logged.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::InternalServerError, message)
    }

    /// Builds the response in this format.
    pub(super) fn answer(self, kind: ResponseFormat) -> HttpResponse {
        let mut extensions = json!({ "code": self.code.name() });
        if let Some(Exceeded { retry_after, balance }) = self.exceeded.as_deref() {
            extensions["retryAfter"] = (*retry_after).into();
            extensions["limit"] = balance.limit.into();
            extensions["remaining"] = balance.remaining.into();
        }
        let body = json!({ "errors": [{ "message": self.message, "extensions": extensions }] });
        let mut answer = HttpResponse::build(self.status);
        if let Some((name, value)) = &self.header {
            answer.insert_header((name.clone(), value.as_ref()));
        }
        if let Some(exceeded) = self.exceeded {
            answer.insert_header((header::RETRY_AFTER, exceeded.retry_after));
        }
        answer.content_type(kind.media_type()).body(body.to_string())
    }
}

/// Where there is no GraphQL response to carry the error, it determines the status.
impl From<AppError> for HttpError {
    fn from(error: AppError) -> Self {
        let status = match &error {
            AppError::BadUserInput { .. } => StatusCode::BAD_REQUEST,
            AppError::Unauthenticated => StatusCode::UNAUTHORIZED,
            AppError::Forbidden => StatusCode::FORBIDDEN,
            AppError::NotFound(_) => StatusCode::NOT_FOUND,
            AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            AppError::TooComplex { .. } => StatusCode::BAD_REQUEST,
            AppError::OutOfTime => return Self::timeout(),
            AppError::Unavailable(cause) | AppError::Internal(cause) => {
                tracing::error!(cause, "a request cannot be answered");
                return if error.code() == Code::ServiceUnavailable {
                    Self::database_unavailable()
                } else {
                    Self::internal()
                };
            }
        };
        let header = (status == StatusCode::UNAUTHORIZED).then_some((header::WWW_AUTHENTICATE, "Bearer".into()));
        Self { header, ..Self::new(status, error.code(), error.message()) }
    }
}
