//! `/providers/{slug}/mapping`: the mapping that a provider keeps for its feeds. Those who may send its feeds read it,
//! put it and delete it. Does not belong here: what a mapping says.

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use catalog::auth::{Caller, require_sign_in};
use catalog::error::{AppError, Code};
use catalog::import::{self, Mapping, kept_mapping};
use serde_json::{Value, json};

use super::accept::ResponseFormat;
use super::authorization;
use super::error::HttpError;
use super::graphql::hold_payload;
use super::request::{media_type, small_body};
use crate::state::AppState;

/// `GET /providers/{slug}/mapping`.
pub(super) async fn get(state: Data<AppState>, request: HttpRequest, slug: Path<String>) -> HttpResponse {
    show(&state, &request, &slug).await.unwrap_or_else(|error| error.answer(ResponseFormat::Json))
}

/// `PUT /providers/{slug}/mapping`.
pub(super) async fn put(
    state: Data<AppState>,
    request: HttpRequest,
    slug: Path<String>,
    mut payload: Payload,
) -> HttpResponse {
    match keep(&state, &request, &slug, &mut payload).await {
        Ok(answer) => answer,
        Err(error) => hold_payload(payload, error.answer(ResponseFormat::Json)),
    }
}

/// `DELETE /providers/{slug}/mapping`.
pub(super) async fn delete(state: Data<AppState>, request: HttpRequest, slug: Path<String>) -> HttpResponse {
    remove(&state, &request, &slug).await.unwrap_or_else(|error| error.answer(ResponseFormat::Json))
}

async fn show(state: &AppState, request: &HttpRequest, slug: &str) -> Result<HttpResponse, HttpError> {
    let (caller, provider) = sender(state, request, slug).await?;
    let text = kept_mapping::show(&state.database.write, &caller, provider).await?;
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/toml").insert_header((header::CACHE_CONTROL, "private, no-store"));
    Ok(answer.body(text))
}

async fn keep(
    state: &AppState,
    request: &HttpRequest,
    slug: &str,
    payload: &mut Payload,
) -> Result<HttpResponse, HttpError> {
    let (caller, provider) = sender(state, request, slug).await?;
    let text = text(request.headers(), payload).await?;
    let faults = Mapping::faults(&text);
    if !faults.is_empty() {
        let errors: Vec<Value> = faults.iter().map(fault).collect();
        return Ok(HttpResponse::BadRequest().json(json!({ "errors": errors })));
    }
    kept_mapping::keep(&state.database.write, &caller, provider, text, state.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn remove(state: &AppState, request: &HttpRequest, slug: &str) -> Result<HttpResponse, HttpError> {
    let (caller, provider) = sender(state, request, slug).await?;
    kept_mapping::delete(&state.database.write, &caller, provider).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The caller, and the row ID of the provider. What the caller may do is checked with the work itself.
async fn sender(state: &AppState, request: &HttpRequest, slug: &str) -> Result<(Caller, i64), HttpError> {
    let caller = authorization::caller(&state.auth, request.headers()).await?;
    require_sign_in(&caller)?;
    let id = import::provider(&state.database.write, slug).await?;
    Ok((caller, id.ok_or(AppError::NotFound("provider"))?))
}

async fn text(headers: &HeaderMap, payload: &mut Payload) -> Result<String, HttpError> {
    media_type(headers)?;
    let body = small_body(headers, payload, kept_mapping::MAX_BYTES).await?;
    String::from_utf8(body.into()).map_err(|_| HttpError::bad_request("The body is not UTF-8."))
}

fn fault(message: impl AsRef<str>) -> Value {
    json!({ "message": message.as_ref(), "extensions": { "code": Code::BadUserInput.name() } })
}
