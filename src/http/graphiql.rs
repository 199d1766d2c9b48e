//! GraphiQL, the page to try queries on, served from the binary so that it works without any other host. The files in
//! `assets/graphiql` are the unchanged files of its packages with their licences, plus a page of ours that starts them.

use actix_web::http::header::{self, CONTENT_SECURITY_POLICY, CacheControl, CacheDirective, ETag, EntityTag};
use actix_web::{HttpRequest, HttpResponse, web};

use super::accept::ResponseFormat;
use super::cache;
use super::error::HttpError;

/// File that the page loads.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    /// Whether the file name changes with the content, so that clients never need to revalidate.
    versioned: bool,
}

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! asset {
    ($name:literal, $media_type:expr, $versioned:literal) => {
        Asset {
            name: $name,
            media_type: $media_type,
            bytes: include_bytes!(concat!("../../assets/graphiql/", $name)),
            versioned: $versioned,
        }
    };
}

const ASSETS: [Asset; 6] = [
    asset!("graphiql-3.9.0.min.css", STYLE, true),
    asset!("graphiql-3.9.0.min.js", SCRIPT, true),
    asset!("react-18.3.1.min.js", SCRIPT, true),
    asset!("react-dom-18.3.1.min.js", SCRIPT, true),
    asset!("page.css", STYLE, false),
    asset!("page.js", SCRIPT, false),
];

const PAGE: &str = include_str!("../../assets/graphiql/page.html");

/// What the page may load: its own files, and the fonts within its style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src data:; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::VARY, "Accept"))
        .insert_header(CacheControl(vec![CacheDirective::NoCache]))
        .content_type(ResponseFormat::Page.media_type())
        .body(PAGE)
}

/// `GET /graphql/assets/{name}`.
pub(super) async fn asset(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name.as_str()) else {
        return HttpError::not_found().answer(ResponseFormat::Json);
    };
    let (tag, fresh) = if asset.versioned {
        (EntityTag::new_strong(asset.name.to_owned()), CacheDirective::MaxAge(31_536_000))
    } else {
        (cache::tag(asset.bytes), CacheDirective::NoCache)
    };
    let known = cache::matches_tag(&request, &tag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(ETag(tag)).insert_header(CacheControl(vec![CacheDirective::Public, fresh]));
    if known { answer.finish() } else { answer.content_type(asset.media_type).body(asset.bytes) }
}
