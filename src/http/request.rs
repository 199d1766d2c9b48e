//! Parses GraphQL requests by POST and GET strictly: a malformed request is never executed. The library's own parser is
//! not used, because it accepts any content type (and so forms of foreign pages), unbounded bodies, and mutations by
//! GET.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::mime::Mime;
use actix_web::web::{Bytes, BytesMut, Payload};
use async_graphql::Variables;
use catalog::auth::Caller;
use catalog::budget::Share;
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::error::HttpError;

/// Maximum size of a body in bytes.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Maximum size of a body from callers who maintain listings, for batches.
const MAX_BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Time in which a whole body must arrive. A limit per piece would allow one byte a second forever.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// GraphQL request as it was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphQLRequest {
    /// Document.
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Option<Variables>,
    /// Unused, but must be an object.
    #[serde(rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Rejects a body that is not JSON in UTF-8 before reading any of it.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), HttpError> {
    let mime = media_type(headers)?;
    let rule = "The body must be JSON: send Content-Type: application/json.";
    mime.filter(|mime| mime.essence_str() == "application/json")
        .map(drop)
        .ok_or_else(|| HttpError::unsupported_media_type(rule))
}

/// Media type of a body; `None` if it is missing or not in UTF-8. A compressed body is rejected.
pub(super) fn media_type(headers: &HeaderMap) -> Result<Option<Mime>, HttpError> {
    let plain = |name| headers.get(name).is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if !plain(header::CONTENT_ENCODING) {
        return Err(HttpError::unsupported_media_type("Compressed bodies are not read; send the body as it is."));
    }
    let mut types = headers.get_all(header::CONTENT_TYPE);
    let one = types.next().filter(|_| types.next().is_none()).and_then(|value| value.to_str().ok());
    // Spaces are allowed on both sides of semicolons; the library accepts them on one side only.
    let mime = one.and_then(|text| text.split(';').map(str::trim).collect::<Vec<_>>().join(";").parse::<Mime>().ok());
    Ok(mime.filter(|mime| mime.get_param("charset").is_none_or(|set| set == "utf-8")))
}

/// Reads the whole body within the limits of its sender and its share of concurrent bytes. Announced bytes count before
/// they arrive.
pub(super) async fn body(
    headers: &HeaderMap,
    caller: &Caller,
    payload: &mut Payload,
    share: impl FnOnce(u64) -> Option<Share>,
) -> Result<(Bytes, Share), HttpError> {
    let most = if caller.can_write_listings() { MAX_BATCH_BYTES } else { MAX_BODY_BYTES };
    let declared = content_length(headers);
    if declared.is_some_and(|length| length > most as u64) {
        return Err(HttpError::too_large(most));
    }
    let mut share = share(declared.unwrap_or_default()).ok_or_else(too_much_in_flight)?;
    let growing = declared.is_none().then_some(&mut share);
    let body = tokio::time::timeout(BODY_TIMEOUT, collect(payload, most, growing)).await;
    Ok((body.unwrap_or_else(|_| Err(HttpError::too_slow()))?, share))
}

/// Reads the whole body within this limit in bytes.
pub(super) async fn small_body(headers: &HeaderMap, payload: &mut Payload, most: usize) -> Result<Bytes, HttpError> {
    if content_length(headers).is_some_and(|length| length > most as u64) {
        return Err(HttpError::too_large(most));
    }
    let body = tokio::time::timeout(BODY_TIMEOUT, collect(payload, most, None)).await;
    body.unwrap_or_else(|_| Err(HttpError::too_slow()))
}

/// Announced size of the body.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

fn too_much_in_flight() -> HttpError {
    HttpError::too_many("Too much of what you send is still under way; send this again when some of it is answered.")
}

async fn collect(payload: &mut Payload, most: usize, mut share: Option<&mut Share>) -> Result<Bytes, HttpError> {
    let mut body = BytesMut::new();
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| HttpError::bad_request("The body breaks off."))?;
        if body.len() + piece.len() > most {
            return Err(HttpError::too_large(most));
        }
        if share.as_mut().is_some_and(|share| !share.grow(piece.len() as u64)) {
            return Err(too_much_in_flight());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// Parses a POST request.
pub(super) fn from_body(body: &[u8]) -> Result<GraphQLRequest, HttpError> {
    let text = std::str::from_utf8(body).map_err(|_| HttpError::bad_request("The body is not UTF-8."))?;
    // Checked here because serde would also read the fields of an object from a list, in order.
    match text.trim_start_matches([' ', '\t', '\r', '\n']).bytes().next() {
        Some(b'{') => {}
        Some(b'[') => return Err(HttpError::bad_request("The body is a list: batching is not supported.")),
        _ => return Err(HttpError::bad_request("The body must be a JSON object.")),
    }
    serde_json::from_str(text).map_err(|_| HttpError::bad_request(REQUEST_RULE))
}

const REQUEST_RULE: &str = "The request must be one JSON object with \"query\", a string, and where needed \"variables\", an \
                    object, \"operationName\", a string, and \"extensions\", an object, each at most once.";

/// Parses a GET request.
pub(super) fn from_query_string(text: &[u8]) -> Result<GraphQLRequest, HttpError> {
    let mut request = serde_json::Map::new();
    for (name, value) in parameters(text)? {
        let value = match name.as_str() {
            // Clients that fill in a template send unused parameters as empty texts.
            "variables" | "extensions" if value.trim().is_empty() => continue,
            "query" | "operationName" => value.into(),
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|_| HttpError::bad_request("A parameter is not JSON."))?
            }
            _ => continue,
        };
        request.insert(name, value);
    }
    serde_json::from_value(request.into()).map_err(|_| HttpError::bad_request(REQUEST_RULE))
}

/// Parameters of a query string, each at most once.
pub(super) fn parameters(text: &[u8]) -> Result<Vec<(String, String)>, HttpError> {
    let text = std::str::from_utf8(text).map_err(|_| HttpError::bad_request("The address is not UTF-8."))?;
    let mut parameters: Vec<(String, String)> = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if parameters.iter().any(|(known, _)| *known == name) {
            return Err(HttpError::bad_request("A parameter stands twice."));
        }
        parameters.push((name, value));
    }
    Ok(parameters)
}

/// Decodes by hand because the usual form parsers replace invalid UTF-8 by U+FFFD.
fn decode(text: &str) -> Result<String, HttpError> {
    let text = text.replace('+', " ");
    let text = percent_decode_str(&text).decode_utf8();
    text.map(Into::into).map_err(|_| HttpError::bad_request("The address is not UTF-8."))
}
