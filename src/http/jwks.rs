//! The public halves of the signing keys, for those who verify access tokens themselves.

use actix_web::http::header;
use actix_web::{HttpResponse, route, web};

use super::accept::ResponseFormat;
use super::error::HttpError;
use crate::app::AppState;

/// For how long others may keep the keys. A token of one that they do not know yet is their reason to ask again.
const CACHE_CONTROL: &str = "public, max-age=300";

/// The keys that verify.
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
