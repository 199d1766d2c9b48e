//! Reading a GraphQL request, by POST or GET, strictly: what is not a well-formed request is never executed. The
//! library's own reader is not used: it takes any content type (and so forms of foreign pages), bodies without end,
//! and mutations by GET.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::mime::Mime;
use actix_web::web::{Bytes, BytesMut, Payload};
use async_graphql::Variables;
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::error::HttpError;
use crate::auth::Caller;
use crate::budget::Share;

/// The largest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// The same of those who keep listings: a batch of them.
const MAX_BATCH_BYTES: usize = 2 * 1024 * 1024;
/// How long a body may take as a whole: a limit per piece would let one byte a second go on for ever.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// GraphQL request as it was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphQLRequest {
    /// The document.
    pub(super) query: String,
    /// Which of its operations.
    #[serde(default)]
    pub(super) operation_name: Option<String>,
    /// The values of its variables.
    #[serde(default)]
    pub(super) variables: Option<Variables>,
    /// Nothing here makes use of it, but it must be an object.
    #[serde(default, rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Refuses a body of another form than JSON in UTF-8, before any of it is read.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), HttpError> {
    let mime = media_type(headers)?;
    let rule = "The body must be JSON: send Content-Type: application/json.";
    mime.filter(|mime| mime.essence_str() == "application/json")
        .map(drop)
        .ok_or_else(|| HttpError::unsupported_media_type(rule))
}

/// What a body says that it is; `None` where it says nothing, or another set of characters than UTF-8. A compressed one
/// is refused.
pub(super) fn media_type(headers: &HeaderMap) -> Result<Option<Mime>, HttpError> {
    let plain = |name| headers.get(name).is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if !plain(header::CONTENT_ENCODING) {
        return Err(HttpError::unsupported_media_type("Compressed bodies are not read; send the body as it is."));
    }
    let mut types = headers.get_all(header::CONTENT_TYPE);
    let one = types.next().filter(|_| types.next().is_none()).and_then(|value| value.to_str().ok());
    // Spaces may stand around the semicolons; the library takes them on one side only.
    let mime = one.and_then(|text| text.split(';').map(str::trim).collect::<Vec<_>>().join(";").parse::<Mime>().ok());
    Ok(mime.filter(|mime| mime.get_param("charset").is_none_or(|set| set == "utf-8")))
}

/// The whole body, if it keeps within the limits of who sends it, with its share of what they may send at the same time. What
/// is announced counts before it has come.
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

/// The bytes of a body that is to come, where that is said.
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

/// A request by POST.
pub(super) fn from_body(body: &[u8]) -> Result<GraphQLRequest, HttpError> {
    let text = std::str::from_utf8(body).map_err(|_| HttpError::bad_request("The body is not UTF-8."))?;
    // Checked here because serde would also read an object's fields from a list, in their order.
    match text.trim_start_matches([' ', '\t', '\r', '\n']).bytes().next() {
        Some(b'{') => {}
        Some(b'[') => return Err(HttpError::bad_request("The body is a list: batching is not supported.")),
        _ => return Err(HttpError::bad_request("The body must be a JSON object.")),
    }
    serde_json::from_str(text).map_err(|_| HttpError::bad_request(REQUEST_RULE))
}

const REQUEST_RULE: &str = "The request must be one JSON object with \"query\", a string, and where needed \"variables\", an \
                    object, \"operationName\", a string, and \"extensions\", an object, each at most once.";

/// A request by GET.
pub(super) fn from_query_string(text: &[u8]) -> Result<GraphQLRequest, HttpError> {
    let mut request = serde_json::Map::new();
    for (name, value) in parameters(text)? {
        let value = match name.as_str() {
            // Clients that fill in a template send what they do not need as an empty text.
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

/// The parameters of an address, each at most once.
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

/// Decoded by hand because the usual readers of forms put U+FFFD in the place of what is not UTF-8.
fn decode(text: &str) -> Result<String, HttpError> {
    let text = text.replace('+', " ");
    let text = percent_decode_str(&text).decode_utf8();
    text.map(Into::into).map_err(|_| HttpError::bad_request("The address is not UTF-8."))
}
