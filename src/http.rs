//! HTTP: routes, the GraphQL endpoint, GraphiQL, health and metrics. What must not go in: anything of the catalogue.

mod graphql;
mod health;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};

use crate::app::State;
use crate::error::{AppError, Result};

/// Binds the address and gives the server that is to be awaited.
pub fn bind(state: Arc<State>) -> Result<(Server, SocketAddr)> {
    let settings = state.settings.clone();
    let data = web::Data::from(state);
    let mut server = HttpServer::new(move || App::new().app_data(data.clone()).configure(routes))
        .shutdown_timeout(settings.shutdown_seconds)
        .client_request_timeout(Duration::from_secs(5));
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let in_use = |_| AppError::input("listen", format!("{} is in use or cannot be listened at", settings.listen));
    let server = server.bind(settings.listen).map_err(in_use)?;
    let address = *server.addrs().first().ok_or_else(|| AppError::internal("bound to nothing"))?;
    Ok((server.run(), address))
}

fn routes(config: &mut web::ServiceConfig) {
    config.service(graphql::post).service(health::live).service(health::ready).service(health::metrics);
}
