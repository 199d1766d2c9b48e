//! The GraphQL endpoint.

use actix_web::{HttpResponse, post, web};

use crate::app::State;
use crate::graphql::context::Request;

/// Placeholder for the endpoint.
#[post("/graphql")]
pub(super) async fn post(state: web::Data<State>, request: web::Json<async_graphql::Request>) -> HttpResponse {
    let Some(snapshot) = state.live.snapshot() else { return HttpResponse::ServiceUnavailable().finish() };
    let request = request.into_inner().data(Request { snapshot, now: state.clock.now() });
    HttpResponse::Ok().json(state.schema.execute(request).await)
}
