//! Content negotiation. The media type also decides the status of a request error: clients of `application/json` cannot
//! be relied on to read the body of anything but a 200.

use actix_web::HttpRequest;
use actix_web::http::header::{self, Accept, Header as _, Quality};

/// Format of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ResponseFormat {
    /// `application/json`, the default.
    Json,
    /// `application/graphql-response+json`.
    GraphqlResponse,
    /// `text/html`, for a person with a browser.
    Page,
}

impl ResponseFormat {
    /// Value of `Content-Type`.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            ResponseFormat::Json => "application/json; charset=utf-8",
            ResponseFormat::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            ResponseFormat::Page => "text/html; charset=utf-8",
        }
    }

    /// Returns the supported format that the client prefers; `None` if it accepts none of them.
    pub(super) fn negotiate(request: &HttpRequest, pages: bool) -> Option<Self> {
        let says_nothing = |value: &header::HeaderValue| value.as_bytes().trim_ascii().is_empty();
        if request.headers().get_all(header::ACCEPT).all(says_nothing) {
            return Some(ResponseFormat::Json);
        }
        let mut accept = Accept::parse(request).ok()?;
        accept.retain(|item| item.quality > Quality::ZERO);
        accept.ranked().iter().find_map(|range| match range.essence_str() {
            "text/html" if pages => Some(ResponseFormat::Page),
            "application/graphql-response+json" => Some(ResponseFormat::GraphqlResponse),
            "application/json" | "application/*" | "*/*" => Some(ResponseFormat::Json),
            _ => None,
        })
    }
}
