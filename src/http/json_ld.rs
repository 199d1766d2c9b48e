//! `GET /courses/{slug}.jsonld`: a course for search engines, for frontends that build pages without GraphQL. It
//! queries the API as an anonymous caller, so that it shows exactly what the public sees. Does not belong here: the
//! content of the document.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use catalog::auth::Caller;
use catalog::error::AppError;
use catalog::values::is_slug;
use serde::Deserialize;
use serde_json::Value;

use super::accept::ResponseFormat;
use super::budget::RequestBudget;
use super::cache::{self, CacheKey};
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::headers::RequestHeaders;

/// `{course(by:{slug:"…"}){slug jsonLdScript}}` as a query string, before and after the slug, which needs no escaping.
const QUERY: (&str, &str) = ("query=%7Bcourse(by:%7Bslug:%22", "%22%7D)%7Bslug%20jsonLdScript%7D%7D");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Course {
    slug: String,
    json_ld_script: String,
}

/// `GET /courses/{slug}.jsonld`, and HEAD.
pub(super) async fn course(endpoint: Data<Endpoint>, request: HttpRequest, slug: Path<String>) -> HttpResponse {
    let headers = match endpoint.request_headers(&request) {
        Ok(headers) => RequestHeaders { client: headers.client, ..RequestHeaders::default() },
        Err(error) => return error.answer(ResponseFormat::Json),
    };
    let mut budget = endpoint.budget(&Caller::Anonymous, &headers);
    let answer = match find(&endpoint, &slug, headers, &mut budget).await {
        Ok(course) if course.slug == *slug => {
            let bytes = Bytes::from(course.json_ld_script);
            cache::shareable(&request, &cache::tag(&bytes), || {
                HttpResponse::Ok().content_type("application/ld+json").body(bytes)
            })
        }
        Ok(course) => {
            let there = format!("/courses/{}.jsonld", course.slug);
            HttpResponse::MovedPermanently().insert_header((header::LOCATION, there)).finish()
        }
        Err(error) => error.answer(ResponseFormat::Json),
    };
    budget.mark(answer)
}

/// Finds the course that has or had this slug.
async fn find(
    endpoint: &Endpoint,
    slug: &str,
    headers: RequestHeaders,
    budget: &mut RequestBudget,
) -> Result<Course, HttpError> {
    if !is_slug(slug) {
        return Err(AppError::NotFound("course").into());
    }
    let text = Bytes::from(format!("{}{slug}{}", QUERY.0, QUERY.1));
    let key = CacheKey { kind: ResponseFormat::Json, by_get: true, text };
    let response = endpoint.serve(Caller::Anonymous, headers, key, budget).await?;
    // The failure has been logged. It does not mean that the course does not exist.
    if !response.is_complete {
        return Err(if response.is_transient { HttpError::database_unavailable() } else { HttpError::internal() });
    }
    let mut answer: Value = serde_json::from_slice(&response.bytes).map_err(|_| HttpError::internal())?;
    let course = answer.pointer_mut("/data/course").map(Value::take).unwrap_or_default();
    let course: Option<Course> = serde_json::from_value(course).map_err(|_| HttpError::internal())?;
    course.ok_or_else(|| AppError::NotFound("course").into())
}
