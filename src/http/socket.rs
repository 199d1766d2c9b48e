//! `GET /graphql` as a WebSocket: subscriptions with the graphql-transport-ws protocol. Mutations are not accepted,
//! because a client that loses its connection could not tell whether they ran; queries are not, because HTTP caches
//! them.

mod connection;
mod message;
mod operation;

use std::cell::Cell;
use std::rc::Rc;

use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, dev};
use catalog::budget::Client;
use futures_util::StreamExt;

use self::connection::{Connection, MAX_MESSAGE_BYTES};
use super::endpoint::Endpoint;
use super::error::HttpError;

/// Name of the protocol in the handshake.
const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes that may arrive before a message completes: the largest message, the heads of its frames, and what arrives in
/// the same read.
const MAX_PENDING_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// Whether a request asks for a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a connection.
pub(super) fn open(
    endpoint: &Data<Endpoint>,
    request: &HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, HttpError> {
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

/// Bytes received since the last complete message. The library checks the length that a frame announces only once the
/// whole frame has arrived, and buffers everything until then.
#[derive(Clone, Default)]
struct IntakeLimit(Rc<Cell<usize>>);

impl IntakeLimit {
    /// Wraps the payload so that it fails if too many bytes arrive.
    fn limited(&self, request: &HttpRequest, payload: Payload) -> Result<Payload, Error> {
        let intake = self.clone();
        let counted = payload.map(move |bytes| intake.count(bytes?)).boxed_local();
        Payload::from_request(request, &mut dev::Payload::Stream { payload: counted }).into_inner()
    }

    fn count(&self, bytes: Bytes) -> Result<Bytes, PayloadError> {
        self.0.set(self.0.get().saturating_add(bytes.len()));
        if self.0.get() > MAX_PENDING_BYTES { Err(PayloadError::Overflow) } else { Ok(bytes) }
    }

    /// Resets the count after a complete message.
    fn message_complete(&self) {
        self.0.set(0);
    }
}
