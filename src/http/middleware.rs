//! Middleware of every request: its ID, its log line, its metrics, and the headers of every response.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use tracing::Instrument;

use crate::state::AppState;

/// Header with the ID, in requests and responses.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Default headers of every response. They declare it as data only.
const DEFAULT_HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
];

/// Handles a request and adds ID, log line, metrics and headers.
pub(super) async fn wrap_request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = id(request.headers());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let method = request.method().clone();
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let counted = state.as_ref().map(|state| state.metrics.in_flight());
    let mut answer = next.call(request).instrument(span.clone()).await?;
    drop(counted);
    let status = answer.status();
    let took = started.elapsed();
    if let Some(state) = state {
        state.metrics.count_response(status.as_u16(), took);
    }
    span.in_scope(|| log(&method, answer.request().path(), status, took));
    for (name, value) in DEFAULT_HEADERS {
        if !answer.headers().contains_key(&name) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.headers_mut().insert(REQUEST_ID, id);
    Ok(answer)
}

/// ID set by a proxy, or a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(REQUEST_ID).filter(|id| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(plain)
    });
    given.cloned().unwrap_or_else(|| {
        let id = uuid::Uuid::new_v4().to_string();
        HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("none"))
    })
}

/// Logs successes at `debug` only: a line for each of thousands of responses a second would cost as much as the
/// responses.
fn log(method: &actix_web::http::Method, path: &str, status: StatusCode, took: std::time::Duration) {
    let (status_code, ms) = (status.as_u16(), took.as_secs_f64() * 1000.0);
    // The cause of a 503 was logged where it happened, and orchestrators poll readiness every second.
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%method, path, status = status_code, ms, "answered");
    } else if status.is_server_error() || status.is_client_error() {
        tracing::info!(%method, path, status = status_code, ms, "answered");
    } else {
        tracing::debug!(%method, path, status = status_code, ms, "answered");
    }
}
