//! `GET /graphql` as a WebSocket: subscriptions with the graphql-transport-ws protocol. Mutations are not accepted,
//! because a client that loses its connection could not tell whether they ran; queries are not, because HTTP caches
//! them.

mod connection;
mod intake;
mod message;
mod operation;

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use catalog::budget::Client;

use self::connection::Connection;
use self::intake::IntakeLimit;
use super::accept::ResponseFormat;
use super::endpoint::Endpoint;
use super::error::HttpError;

/// Name of the protocol in the handshake.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a connection.
pub(super) fn open(endpoint: &Data<Endpoint>, request: &HttpRequest, payload: Payload) -> HttpResponse {
    upgrade(endpoint, request, payload).unwrap_or_else(|error| error.answer(ResponseFormat::Json))
}

fn upgrade(endpoint: &Data<Endpoint>, request: &HttpRequest, payload: Payload) -> Result<HttpResponse, HttpError> {
    if !is_allowed_origin(request.headers(), &endpoint.state.settings.allowed_origins) {
        return Err(HttpError::foreign_origin());
    }
    let offered = request.headers().get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    if !offered.is_some_and(|names| names.split(',').any(|name| name.trim() == PROTOCOL)) {
        return Err(HttpError::bad_request("The WebSocket must offer the protocol graphql-transport-ws."));
    }
    let client = Client::at(endpoint.request_headers(request)?.client);
    let too_many = || HttpError::too_many("You hold too many connections; close one, or come again later.");
    let share = endpoint.state.budgets.sockets.take(&client, 1).ok_or_else(too_many)?;
    let place = endpoint.sockets.clone().try_acquire_owned();
    let place = place.map_err(|_| HttpError::unavailable("There are too many connections; try again."))?;
    let intake = IntakeLimit::default();
    let payload = intake.limited(request, payload).map_err(|_| HttpError::internal())?;
    let opened = actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]);
    let (answer, session, messages) =
        opened.map_err(|_| HttpError::bad_request("This is not the handshake of a WebSocket."))?;
    let connection = Connection::new(endpoint.clone(), session, intake, (client, share));
    actix_web::rt::spawn(async move {
        connection.serve(messages).await;
        drop(place);
    });
    Ok(answer)
}

/// Whether the page has our origin or an allowed one: browsers open WebSockets across origins without asking. Clients
/// that are not browsers send no origin.
fn is_allowed_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").map(|(_, host)| host);
    own.is_some() && own == host || allowed.iter().any(|allowed| allowed == "*" || allowed == origin)
}
