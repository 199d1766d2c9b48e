//! Authenticates the caller by the Authorization header. An invalid token is rejected before anything runs, on public
//! queries too: otherwise the sender would take the response for that of a signed-in caller.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use catalog::auth::{Auth, Caller, Identified, IdentifyError, Rejection};

use super::error::HttpError;

/// Client address of a request: that of the peer, or behind `proxies` trusted proxies the one that the farthest of them
/// reports. Anyone may have written the entries before it in the header.
pub(super) fn client(request: &HttpRequest, proxies: usize) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|address| address.ip());
    let Some(index) = proxies.checked_sub(1) else {
        if request.headers().contains_key(header::X_FORWARDED_FOR) {
            warn_of_a_proxy();
        }
        return peer;
    };
    let lists = request.headers().get_all(header::X_FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    named.iter().rev().nth(index).and_then(|address| parse_address(address)).or(peer)
}

/// Parses an address as proxies write it: some add the port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = || text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    text.parse::<SocketAddr>().map(|address| address.ip()).ok().or_else(bare)
}

/// Warns once only, since anyone who sends the header could otherwise flood the log.
fn warn_of_a_proxy() {
    static PROXY_WARNED: Once = Once::new();
    PROXY_WARNED.call_once(|| {
        tracing::warn!(
            "X-Forwarded-For arrives and trusted_proxies is 0: behind a proxy all clients share the budgets of one \
             address; set trusted_proxies to how many proxies there are"
        );
    });
}

/// Returns the caller of a request with these headers.
pub(super) async fn caller(auth: &Auth, headers: &HeaderMap) -> Result<Caller, HttpError> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let text = match (all.next(), all.next()) {
        (None, _) => return Ok(Caller::Anonymous),
        (Some(value), None) => value.to_str().map_err(|_| refused(Rejection::NotBearer))?,
        (Some(_), Some(_)) => return Err(refused(Rejection::NotBearer)),
    };
    Ok(identified(auth, text).await?.map_or(Caller::Anonymous, |identified| identified.caller))
}

/// Identifies the sender of this header value; `None` if the header is empty.
pub(super) async fn identified(auth: &Auth, text: &str) -> Result<Option<Identified>, HttpError> {
    let Some(token) = bearer(text)? else { return Ok(None) };
    match auth.identify(token).await {
        Ok(identified) => Ok(Some(identified)),
        Err(IdentifyError::Rejected(rejection)) => Err(refused(rejection)),
        Err(IdentifyError::Failed(error)) => Err(error.into()),
    }
}

fn bearer(text: &str) -> Result<Option<&str>, HttpError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(Some(token)),
        Some(_) | None => Err(refused(Rejection::NotBearer)),
    }
}

/// Logs why a token was rejected, but never the token: operators must be able to tell a wrong setting from an attack.
fn refused(rejection: Rejection) -> HttpError {
    let reason = rejection.description();
    tracing::info!(reason, "a token was refused");
    HttpError::bad_token(reason)
}
