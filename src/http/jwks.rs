//! Public halves of the signing keys, for systems that verify access tokens themselves.

use actix_web::http::header;
use actix_web::{HttpResponse, route, web};

use super::accept::ResponseFormat;
use super::error::HttpError;
use crate::state::AppState;

/// Cache policy. A token with an unknown key is the signal to fetch again.
const CACHE_CONTROL: &str = "public, max-age=300";

/// Returns the verification keys.
#[route("/.well-known/jwks.json", method = "GET", method = "HEAD")]
pub(super) async fn jwks(state: web::Data<AppState>) -> HttpResponse {
    match state.auth.tokens.keys.public().await {
        Ok(keys) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(keys),
        Err(error) => {
            tracing::error!(cause = error.cause(), "the signing keys cannot be read");
            HttpError::database_unavailable().answer(ResponseFormat::Json)
        }
    }
}
