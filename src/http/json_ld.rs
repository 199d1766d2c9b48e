//! `GET /courses/{slug}.jsonld`: a course as search engines read it, for whoever puts pages together without GraphQL. It
//! asks the API as anybody without an account would, so that it shows what the public sees and nothing else. What must not
//! go in: what the document says.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::accept::Kind;
use super::budget::RequestBudget;
use super::cache::{self, Key};
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::headers::RequestHeaders;
use crate::auth::Caller;
use crate::values::is_slug;

/// `{course(by:{slug:"…"}){slug jsonLdScript}}` as a query string, before and after the slug, which needs no escaping.
const ASKED: (&str, &str) = ("query=%7Bcourse(by:%7Bslug:%22", "%22%7D)%7Bslug%20jsonLdScript%7D%7D");

#[derive(Deserialize)]
struct Answer {
    data: Option<Found>,
}

#[derive(Deserialize)]
struct Found {
    course: Option<Course>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Course {
    slug: String,
    json_ld_script: String,
}

/// `GET /courses/{slug}.jsonld`, and HEAD.
pub(super) async fn course(endpoint: Data<Endpoint>, request: HttpRequest, slug: Path<String>) -> HttpResponse {
    let sent = match endpoint.sent(&request) {
        Ok(sent) => RequestHeaders { client: sent.client, ..RequestHeaders::default() },
        Err(refusal) => return refusal.answer(Kind::Json),
    };
    let mut budget = endpoint.budget(&Caller::Anonymous, &sent);
    let answer = answer(&endpoint, &request, &slug, sent, &mut budget).await;
    budget.mark(answer)
}

async fn answer(
    endpoint: &Endpoint,
    request: &HttpRequest,
    slug: &str,
    sent: RequestHeaders,
    budget: &mut RequestBudget,
) -> HttpResponse {
    match find(endpoint, slug, sent, budget).await {
        Ok(course) if course.slug == slug => {
            let bytes = Bytes::from(course.json_ld_script);
            cache::shareable(request, &cache::tag(&bytes), || {
                HttpResponse::Ok().content_type("application/ld+json").body(bytes)
            })
        }
        Ok(course) => {
            let there = format!("/courses/{}.jsonld", course.slug);
            HttpResponse::MovedPermanently().insert_header((header::LOCATION, there)).finish()
        }
        Err(refusal) => refusal.answer(Kind::Json),
    }
}

/// Every other method.
pub(super) async fn other() -> HttpResponse {
    HttpError::method("GET, HEAD", "This is for reading; listings are written at /graphql.").answer(Kind::Json)
}

/// The course that has this slug, or had it.
async fn find(
    endpoint: &Endpoint,
    slug: &str,
    sent: RequestHeaders,
    budget: &mut RequestBudget,
) -> Result<Course, HttpError> {
    if !is_slug(slug) {
        return Err(HttpError::no_such("course"));
    }
    let text = Bytes::from(format!("{}{slug}{}", ASKED.0, ASKED.1));
    let key = Key { kind: Kind::Json, by_get: true, text };
    let written = endpoint.serve(Caller::Anonymous, sent, key, budget).await?;
    // What failed has been logged. It says nothing of whether there is such a course.
    if !written.whole {
        return Err(if written.passing { HttpError::away() } else { HttpError::internal() });
    }
    let answer: Answer = serde_json::from_slice(&written.bytes).map_err(|_| HttpError::internal())?;
    answer.data.and_then(|data| data.course).ok_or_else(|| HttpError::no_such("course"))
}
