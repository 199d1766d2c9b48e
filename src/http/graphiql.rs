//! GraphiQL, the page at which people try queries, from inside the binary: it works without any other host.

use actix_web::HttpResponse;

use super::accept::Kind;

/// The page.
pub(super) fn page() -> HttpResponse {
    HttpResponse::Ok().content_type(Kind::Page.media_type()).body("")
}
