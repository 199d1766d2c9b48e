//! HTTP: routes, the GraphQL endpoint, GraphiQL, health and metrics. Does not belong here: anything about the
//! catalogue.

mod accept;
mod authorization;
mod budget;
mod cache;
mod endpoint;
mod error;
mod export;
mod graphiql;
mod graphql;
mod headers;
mod health;
mod idempotency;
mod import;
mod json_ld;
mod lane;
mod mapping;
mod middleware;
mod request;
mod response;
mod socket;
mod validated_request;

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::middleware::{Condition, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, HttpServer, Route, route, web};
use catalog::error::{AppError, Result};
use socket2::SockRef;

use crate::state::AppState;
use accept::ResponseFormat;
use endpoint::Endpoint;
use error::HttpError;
use headers::{IDEMPOTENCY_KEY, POSITION};

/// Time in which the head of a request must arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for which a peer may accept no data before it is disconnected.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for which browsers may cache a preflight response.
const CORS_MAX_AGE_SECONDS: usize = 600;
/// Cache policy of the verification keys. A token with an unknown key is the signal to fetch again.
const JWKS_CACHE_CONTROL: &str = "public, max-age=300";

/// Binds the address and returns the server, which the caller must await.
pub fn bind(state: Arc<AppState>) -> Result<(Server, SocketAddr)> {
    let settings = state.settings.clone();
    let endpoint = Endpoint::new(state.clone())?;
    let import_slots = web::Data::new(import::ImportSlots::default());
    let export_slots = web::Data::new(export::ExportSlots::default());
    let state = web::Data::from(state);
    let (origins, graphiql) = (settings.allowed_origins.clone(), settings.graphiql);
    let app = move || {
        App::new()
            .app_data(state.clone())
            .app_data(web::Data::new(endpoint.for_worker()))
            .app_data(import_slots.clone())
            .app_data(export_slots.clone())
            .configure(|config| routes(config, graphiql))
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(middleware::wrap_request))
    };
    let server = HttpServer::new(app).on_connect(|peer, _| set_send_timeout(peer));
    // Past the deadline of the application, which cuts off what still runs and says so.
    let mut server = server.shutdown_timeout(settings.shutdown_seconds + 1).client_request_timeout(HEAD_TIMEOUT);
    // A thread of its own handles signals (src/signals.rs), so that busy requests cannot delay them.
    server = server.disable_signals();
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let in_use = |_| AppError::input("listen", format!("{} is in use or cannot be listened at", settings.listen));
    let server = server.bind(settings.listen).map_err(in_use)?;
    let address = *server.addrs().first().ok_or_else(|| AppError::internal("bound to nothing"))?;
    Ok((server.run(), address))
}

/// Sets a system timeout that ends the connection of a peer that accepts no data. The library would wait forever with
/// the response in memory.
fn set_send_timeout(peer: &dyn Any) {
    #[cfg(target_os = "linux")]
    if let Some(peer) = peer.downcast_ref::<TcpStream>() {
        _ = SockRef::from(peer).set_tcp_user_timeout(Some(SEND_TIMEOUT));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = peer;
}

fn routes(config: &mut web::ServiceConfig, graphiql: bool) {
    if graphiql {
        config.route("/graphql/assets/{name}", web::get().to(graphiql::asset));
    }
    let endpoint = web::resource("/graphql")
        .get(graphql::get)
        .post(graphql::post)
        .default_service(reject_method("GET, POST", "Send queries by POST, or by GET."));
    let course = web::resource("/courses/{slug}.jsonld")
        .get(json_ld::course)
        .route(web::head().to(json_ld::course))
        .default_service(reject_method("GET, HEAD", "This is for reading; listings are written at /graphql."));
    let import =
        web::resource("/import").post(import::post).default_service(reject_method("POST", "Send a feed by POST."));
    let export =
        web::resource("/export").get(export::get).default_service(reject_method("GET", "This is for reading."));
    let mapping = web::resource("/providers/{slug}/mapping")
        .get(mapping::get)
        .put(mapping::put)
        .delete(mapping::delete)
        .default_service(reject_method("GET, PUT, DELETE", "Put a mapping, get it or delete it."));
    config
        .service(endpoint)
        .service(import)
        .service(mapping)
        .service(export)
        .service(course)
        .service(health::live)
        .service(health::ready)
        .service(health::metrics)
        .service(jwks)
        .default_service(web::to(not_found));
}

/// Route for every method that an address does not support.
fn reject_method(allowed: &'static str, message: &'static str) -> Route {
    web::to(move || async move { HttpError::method_not_allowed(allowed, message).answer(ResponseFormat::Json) })
}

/// Origins whose pages may call the API. Responses never allow credentials: clients sign in with a header.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allowed_headers([header::CONTENT_TYPE, header::ACCEPT, header::AUTHORIZATION, POSITION, IDEMPOTENCY_KEY])
        .expose_headers([
            POSITION,
            export::LEFT_OUT,
            header::RETRY_AFTER,
            header::HeaderName::from_static("x-request-id"),
            budget::POLICY,
            budget::REMAINING,
        ])
        .max_age(CORS_MAX_AGE_SECONDS);
    if origins.iter().any(|origin| origin == "*") {
        return cors.allow_any_origin().send_wildcard();
    }
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Public halves of the signing keys, for systems that verify access tokens themselves.
#[route("/.well-known/jwks.json", method = "GET", method = "HEAD")]
async fn jwks(state: web::Data<AppState>) -> HttpResponse {
    match state.auth.tokens.keys.public().await {
        Ok(keys) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, JWKS_CACHE_CONTROL)).json(keys),
        Err(error) => {
            tracing::error!(cause = error.cause(), "the signing keys cannot be read");
            HttpError::database_unavailable().answer(ResponseFormat::Json)
        }
    }
}

async fn not_found() -> HttpResponse {
    HttpError::not_found().answer(ResponseFormat::Json)
}
