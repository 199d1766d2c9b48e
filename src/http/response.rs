//! Writes responses: status, bytes, and a code of the closed list on every error. Library messages are never sent if
//! they could reveal internals, and never at unlimited length.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use catalog::budget::Balance;
use catalog::error::{AppError, Code};
use catalog::idempotency::StoredResponse;
use serde::Serialize;
use serde_json::json;

use super::accept::ResponseFormat;
use super::error::HttpError;
use super::headers::POSITION;
use crate::graphql::error::{ApiError, clipped};
use crate::graphql::limits::{Cost, LIMITS};

type Extensions = serde_json::Map<String, serde_json::Value>;

/// Response body: errors first, so that people notice them, and `data` only if something ran.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    extensions: Extensions,
}

/// Serialized GraphQL response.
pub(super) struct GraphQLResponse {
    pub(super) status: StatusCode,
    /// Body.
    pub(super) bytes: Bytes,
    /// Whether it ran without errors.
    pub(super) is_complete: bool,
    /// Whether it is meant for one caller only and must not be cached.
    pub(super) is_private: bool,
    /// Whether it failed for transient reasons, so that the same request may succeed later.
    pub(super) is_transient: bool,
    /// Log position of the response.
    position: Option<i64>,
    /// Seconds after which to retry, if a part was rate limited.
    retry_after: Option<u64>,
}

impl GraphQLResponse {
    fn new(status: StatusCode, bytes: Bytes) -> Self {
        Self {
            status,
            bytes,
            is_complete: false,
            is_private: false,
            is_transient: false,
            position: None,
            retry_after: None,
        }
    }

    /// Response from the cache, without errors.
    pub(super) fn cached(bytes: Bytes) -> Self {
        Self { is_complete: true, ..Self::new(StatusCode::OK, bytes) }
    }

    /// Stored response to the first request with an idempotency key.
    pub(super) fn replayed(stored: StoredResponse) -> Self {
        let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
        Self { is_private: true, position: stored.position, ..Self::new(status, stored.answer.into()) }
    }

    /// Sets the log position, unless a later one is already set.
    pub(super) fn at(self, position: i64) -> Self {
        Self { position: self.position.max(Some(position)), ..self }
    }

    /// Marks the response as meant for one caller only.
    pub(super) fn private(self) -> Self {
        Self { is_private: true, ..self }
    }

    /// Builds the HTTP response in this format.
    pub(super) fn answer(self, kind: ResponseFormat) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        if self.is_private {
            answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
        }
        if let Some(position) = self.position {
            answer.insert_header((POSITION, position));
        }
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        answer.content_type(kind.media_type()).body(self.bytes)
    }
}

/// Response to a document that did not run.
pub(super) fn refused(
    error: ServerError,
    cost: Option<&Cost>,
    kind: ResponseFormat,
) -> Result<GraphQLResponse, HttpError> {
    write(&[clip(error)], None, extensions(cost, None, 0), kind)
}

/// Response to a query that was stopped while it ran.
pub(super) fn stopped(error: AppError, cost: &Cost, kind: ResponseFormat) -> Result<GraphQLResponse, HttpError> {
    if matches!(error, AppError::OutOfTime) {
        return Err(HttpError::timeout());
    }
    let async_graphql::Error { message, extensions, .. } = ApiError(error).into();
    refused(ServerError { extensions, ..ServerError::new(message, None) }, Some(cost), kind)
}

/// Response to a document that was executed, though the executor may have found it invalid.
pub(super) fn executed(
    response: Response,
    cost: &Cost,
    balance: Option<Balance>,
    kind: ResponseFormat,
) -> Result<GraphQLResponse, HttpError> {
    // Errors during execution have a path. Errors without one were found before anything ran.
    let ran = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let errors = distinct(response.errors);
    let omitted = errors.len().saturating_sub(LIMITS.errors);
    let errors = shown(errors);
    if errors.iter().any(|error| code_of(error) == Some(Code::ServiceUnavailable.name())) {
        return Err(HttpError::database_unavailable());
    }
    write(&errors, ran.then_some(&response.data), extensions(Some(cost), balance, omitted), kind)
}

/// Removes duplicate errors: the library reports an error wherever the document repeats its cause.
fn distinct(errors: Vec<ServerError>) -> Vec<ServerError> {
    let mut seen = HashSet::new();
    errors.into_iter().filter(|error| seen.insert((error.message.clone(), format!("{:?}", error.path)))).collect()
}

/// Errors to show: limited in number, each with a code.
pub(super) fn shown(errors: Vec<ServerError>) -> Vec<ServerError> {
    errors.into_iter().take(LIMITS.errors).map(|error| clip(coded(error))).collect()
}

fn write(
    errors: &[ServerError],
    data: Option<&Value>,
    extensions: Extensions,
    kind: ResponseFormat,
) -> Result<GraphQLResponse, HttpError> {
    let status = match (data, kind) {
        (None, ResponseFormat::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Some(_), _) | (None, ResponseFormat::Json | ResponseFormat::Page) => StatusCode::OK,
    };
    let bytes = serde_json::to_vec(&Body { errors, data, extensions }).map_err(|cause| {
        tracing::error!(%cause, "an answer cannot be written");
        HttpError::internal()
    })?;
    let transient = [Code::InternalServerError, Code::RateLimited, Code::Timeout].map(Code::name);
    Ok(GraphQLResponse {
        is_complete: errors.is_empty(),
        is_transient: errors.iter().any(|error| code_of(error).is_some_and(|code| transient.contains(&code))),
        retry_after: errors.iter().filter_map(retry_after).max(),
        ..GraphQLResponse::new(status, bytes.into())
    })
}

fn extensions(cost: Option<&Cost>, balance: Option<Balance>, omitted: usize) -> Extensions {
    let mut extensions = Extensions::new();
    if let Some(cost) = cost {
        let mut cost = json!({ "requested": cost.requested, "limit": LIMITS.cost });
        if let Some(Balance { limit, remaining, reset_seconds, .. }) = balance {
            cost["budget"] = json!({ "limit": limit, "remaining": remaining, "resetSeconds": reset_seconds });
        }
        extensions.insert("cost".to_owned(), cost);
    }
    if omitted > 0 {
        extensions.insert("omittedErrors".to_owned(), omitted.into());
    }
    extensions
}

fn retry_after(error: &ServerError) -> Option<u64> {
    let seconds = error.extensions.as_ref()?.get("retryAfter")?;
    if let Value::Number(seconds) = seconds { seconds.as_u64() } else { None }
}

fn code_of(error: &ServerError) -> Option<&str> {
    let code = error.extensions.as_ref()?.get("code")?;
    if let Value::String(code) = code { Some(code) } else { None }
}

/// Adds a code to errors of the library. Our own errors already have one.
fn coded(mut error: ServerError) -> ServerError {
    if code_of(&error).is_some() {
        return error;
    }
    let code = if is_scalar_error(&error.message) {
        Code::BadUserInput
    } else if error.path.is_empty() || is_value_error(&error.message) {
        Code::GraphqlValidationFailed
    } else {
        tracing::error!(cause = error.message, "a field failed in an unforeseen way");
        error.message = AppError::internal("").message();
        Code::InternalServerError
    };
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.name());
    error
}

/// Whether a text of the right type has invalid content, for example is not a date or a currency.
fn is_scalar_error(message: &str) -> bool {
    let scalars = ["DateTime", "Date", "PartialDate", "Decimal", "CurrencyCode", "LanguageCode", "CountryCode", "URL"];
    scalars.iter().any(|scalar| message.starts_with(&format!("Failed to parse \"{scalar}\"")))
}

/// Whether it is a coercion error. The library coerces values only when the field runs; its messages begin like this.
fn is_value_error(message: &str) -> bool {
    ["Failed to parse \"", "Expected input type \"", "Invalid value for argument", "Variable ", "Value "]
        .iter()
        .any(|beginning| message.starts_with(beginning))
}

fn clip(mut error: ServerError) -> ServerError {
    error.message = clipped(&error.message, LIMITS.name_characters, LIMITS.message_characters);
    error.locations.truncate(LIMITS.errors);
    error
}
