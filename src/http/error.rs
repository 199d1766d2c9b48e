//! Requests that are refused before they are GraphQL, or that could not be answered at all: each with its status and
//! a code from the closed list, in the shape of a GraphQL answer, so that clients read all errors the same way.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use serde_json::json;

use super::accept::ResponseFormat;
use crate::budget::Exceeded;
use crate::error::{AppError, Code};

/// What `Retry-After` says, in seconds.
const RETRY_AFTER: &str = "1";

/// HTTP error in the shape of a GraphQL response.
#[derive(Debug)]
pub(super) struct HttpError {
    status: StatusCode,
    code: Code,
    message: Cow<'static, str>,
    header: Option<(HeaderName, Cow<'static, str>)>,
    /// What the error says beside its code, where a budget does not hold the request.
    exceeded: Option<Box<Exceeded>>,
}

impl HttpError {
    fn new(status: StatusCode, code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), header: None, exceeded: None }
    }

    /// The budget of its client does not hold it.
    pub(super) fn over_budget(message: &'static str, exceeded: &Exceeded) -> Self {
        Self {
            exceeded: Some(Box::new(*exceeded)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message)
        }
    }

    /// The client has as many of these as it may have at the same time.
    pub(super) fn too_many(message: &'static str) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message);
        Self { header: Some((header::RETRY_AFTER, RETRY_AFTER.into())), ..error }
    }

    /// It is not a well-formed request.
    pub(super) fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
    }

    /// Its body is not in a form that is read here.
    pub(super) fn unsupported_media_type(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, message)
    }

    /// It takes no form that there is.
    pub(super) fn not_acceptable() -> Self {
        let message = "Answers are application/graphql-response+json or application/json.";
        Self::new(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message)
    }

    /// Its body is over this limit, in bytes.
    pub(super) fn too_large(most: usize) -> Self {
        let message = format!("The body is over the limit of {} KB.", most / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::PayloadTooLarge, message)
    }

    /// Its body did not come within the time.
    pub(super) fn too_slow() -> Self {
        let message = "The body did not arrive within 10 seconds.";
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, message)
    }

    /// The method is not one of this address.
    pub(super) fn method_not_allowed(allowed: &'static str, message: &'static str) -> Self {
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, message);
        Self { header: Some((header::ALLOW, allowed.into())), ..error }
    }

    /// It has shown a token that is not good. Why stands in the header, after RFC 6750; the body is always the same.
    pub(super) fn bad_token(reason: &'static str) -> Self {
        let message =
            "The access token is not good, or not any more; sign in again, or leave the Authorization header out.";
        let error = Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message);
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
        Self { header: Some((header::WWW_AUTHENTICATE, challenge.into())), ..error }
    }

    /// There is nothing at this address.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "There is nothing here; the API is at /graphql.")
    }

    /// There is no such thing, or none that the public may know of.
    pub(super) fn no_such_object(what: &'static str) -> Self {
        AppError::NotFound(what).into()
    }

    /// It cannot be answered now, and may be sent again.
    pub(super) fn unavailable(message: &'static str) -> Self {
        Self::retry_later(Code::ServiceUnavailable, message)
    }

    /// The database cannot be reached.
    pub(super) fn database_unavailable() -> Self {
        Self::unavailable("The catalogue cannot be reached at the moment; try again shortly.")
    }

    /// The answer was not there within the time.
    pub(super) fn timeout() -> Self {
        Self::retry_later(Code::Timeout, "The answer was not ready in time; ask for less, or try again shortly.")
    }

    fn retry_later(code: Code, message: &'static str) -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
        Self { header: Some((header::RETRY_AFTER, RETRY_AFTER.into())), ..error }
    }

    /// A page of somebody else's asks.
    pub(super) fn foreign_origin() -> Self {
        let message = "Pages of this origin may not call the API; allowed_origins names those that may.";
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, message)
    }

    /// It goes against what is there.
    pub(super) fn conflict(message: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, Code::Conflict, message)
    }

    /// Our own fault.
    pub(super) fn internal() -> Self {
        let message = "Something went wrong on our side; it has been logged.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::InternalServerError, message)
    }

    /// As an answer of this form.
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

/// Where there is no GraphQL answer for an error to stand in, it is the status.
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
