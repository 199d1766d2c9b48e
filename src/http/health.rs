//! What a load balancer and a monitor ask.

use actix_web::{HttpResponse, get, web};

use crate::app::State;

/// Whether the process runs at all.
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "live": true }))
}

/// Whether it can answer with data.
#[get("/health/ready")]
pub(super) async fn ready(state: web::Data<State>) -> HttpResponse {
    match state.live.snapshot() {
        Some(snapshot) => HttpResponse::Ok().json(serde_json::json!({ "ready": true, "position": snapshot.position })),
        None => HttpResponse::ServiceUnavailable().json(serde_json::json!({ "ready": false })),
    }
}

/// What the process counts of itself.
#[get("/metrics")]
pub(super) async fn metrics(state: web::Data<State>) -> HttpResponse {
    let text = state.metrics.text().unwrap_or_default();
    HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text)
}
