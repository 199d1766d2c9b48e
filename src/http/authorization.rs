//! From the Authorization header to the caller. A token that is not good is refused before anything runs, on public
//! queries too: whoever sends one would otherwise take the answer for that of somebody who has signed in.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};

use super::refusal::Refusal;
use crate::auth::{Auth, Caller, Identified, IdentifyError, Rejection};

/// From where a request comes: from its peer, or where that is the nearest of so many proxies of ours, from whom the
/// farthest of them names. What stands before that in the header, anybody may have written.
pub(super) fn client(request: &HttpRequest, proxies: usize) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip());
    let Some(place) = proxies.checked_sub(1) else { return peer };
    let lists = request.headers().get_all(header::X_FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    named.iter().rev().nth(place).and_then(|address| address.parse().ok()).or(peer)
}

/// Who sends a request with these headers.
pub(super) async fn caller(auth: &Auth, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let text = match (all.next(), all.next()) {
        (None, _) => return Ok(Caller::Anonymous),
        (Some(value), None) => value.to_str().map_err(|_| refused(Rejection::NotBearer))?,
        (Some(_), Some(_)) => return Err(refused(Rejection::NotBearer)),
    };
    Ok(identified(auth, text).await?.map_or(Caller::Anonymous, |identified| identified.caller))
}

/// Who has sent this text as the value of the header; `None` where it says nothing.
pub(super) async fn identified(auth: &Auth, text: &str) -> Result<Option<Identified>, Refusal> {
    let Some(token) = bearer(text)? else { return Ok(None) };
    match auth.identify(token).await {
        Ok(identified) => Ok(Some(identified)),
        Err(IdentifyError::Rejected(rejection)) => Err(refused(rejection)),
        Err(IdentifyError::Failed(error)) => Err(error.into()),
    }
}

fn bearer(text: &str) -> Result<Option<&str>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let token =
        text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    token.filter(|token| !token.is_empty()).map(Some).ok_or_else(|| refused(Rejection::NotBearer))
}

/// Logs why a token is refused, and never the token: whoever runs the catalogue has to be able to tell a wrong setting from
/// an attack.
fn refused(rejection: Rejection) -> Refusal {
    let reason = rejection.description();
    tracing::info!(reason, "a token was refused");
    Refusal::bad_token(reason)
}
