//! Endpoints for load balancers and monitoring.

use std::time::Duration;

use actix_web::{HttpResponse, get, route, web};
use catalog::changelog;
use catalog::database::ReadPool;
use serde_json::json;

use crate::metrics::CurrentState;
use crate::state::AppState;

/// Timeout after which the database counts as unavailable.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the process runs at all.
#[route("/health/live", method = "GET", method = "HEAD")]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "live": true }))
}

/// Whether the process can answer with data.
#[route("/health/ready", method = "GET", method = "HEAD")]
pub(super) async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let Some(snapshot) = state.snapshots.snapshot() else {
        let (done, total) = state.snapshots.progress.get();
        let index = json!({ "done": done, "total": total });
        return HttpResponse::ServiceUnavailable().json(json!({ "ready": false, "index": index }));
    };
    match tokio::time::timeout(DATABASE_TIMEOUT, state.database.read.0.ping()).await {
        Ok(Ok(())) => HttpResponse::Ok().json(json!({ "ready": true, "position": snapshot.point.position })),
        Ok(Err(_)) | Err(_) => HttpResponse::ServiceUnavailable().json(json!({ "ready": false, "database": "away" })),
    }
}

/// Metrics of the process and its current state.
#[get("/metrics")]
pub(super) async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    // Bypasses the statement counter: looking at it must not change it.
    let database = ReadPool(state.database.follow.clone());
    let head = tokio::time::timeout(DATABASE_TIMEOUT, changelog::head(&database)).await;
    let head = head.ok().and_then(Result::ok).map(|head| head.position);
    let served = state.snapshots.snapshot().map(|snapshot| snapshot.point.position);
    let text = state.metrics.text(CurrentState { served, head }).unwrap_or_default();
    HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text)
}
