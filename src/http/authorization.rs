//! From the Authorization header to the caller. A token that is not good is refused before anything runs, on public
//! queries too: whoever sends one would otherwise take the answer for that of somebody who has signed in.

use actix_web::http::header::{self, HeaderMap};

use super::refusal::Refusal;
use crate::auth::{Auth, Caller};
use crate::error::AppError;

/// Who sends a request with these headers.
pub(super) async fn caller(auth: &Auth, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let Some(token) = bearer(headers)? else { return Ok(Caller::Anonymous) };
    match auth.identify(token).await {
        Ok(identified) => Ok(identified.caller),
        Err(AppError::Unauthenticated) => Err(Refusal::bad_token()),
        Err(error) => Err(error.into()),
    }
}

/// The token of a request; `None` where it has no header, or one that says nothing.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let text = match (all.next(), all.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().map_err(|_| Refusal::bad_token())?,
        (Some(_), Some(_)) => return Err(Refusal::bad_token()),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let token =
        text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    token.filter(|token| !token.is_empty()).map(Some).ok_or_else(Refusal::bad_token)
}
