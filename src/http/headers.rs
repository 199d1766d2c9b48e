//! Lectern's own request headers.

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName};

use super::error::HttpError;

/// Log position of a response, and the minimum position for a read.
pub(super) const POSITION: HeaderName = HeaderName::from_static("lectern-position");
/// Key that makes a request write once, however often it is sent.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Lectern's headers of a request.
#[derive(Debug, Default)]
pub(super) struct RequestHeaders {
    /// Minimum log position of the response.
    pub(super) position: Option<i64>,
    pub(super) idempotency_key: Option<String>,
    /// Client address, which headers alone do not determine.
    pub(super) client: Option<IpAddr>,
}

impl RequestHeaders {
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, HttpError> {
        let rule = "Lectern-Position must be a whole number, as it was answered.";
        let parse = |text: &str| text.parse().ok().filter(|position| *position >= 0);
        let position = one(headers, &POSITION, "Lectern-Position must be sent once, as it was answered.")?;
        let position = position.map(|text| parse(text).ok_or_else(|| HttpError::bad_request(rule))).transpose()?;
        let key = one(headers, &IDEMPOTENCY_KEY, KEY_RULE)?;
        if key.is_some_and(|key| !(1..=255).contains(&key.len())) {
            return Err(HttpError::bad_request(KEY_RULE));
        }
        Ok(Self { position, idempotency_key: key.map(str::to_owned), client: None })
    }
}

const KEY_RULE: &str = "Idempotency-Key must be sent once, with 1 to 255 visible ASCII characters.";

fn one<'a>(headers: &'a HeaderMap, name: &HeaderName, rule: &'static str) -> Result<Option<&'a str>, HttpError> {
    let mut values = headers.get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    let only = values.next().is_none();
    let text = value.to_str().ok().filter(|_| only);
    text.map(Some).ok_or_else(|| HttpError::bad_request(rule))
}
