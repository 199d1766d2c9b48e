//! Messages of the protocol.

use std::time::Duration;

use actix_web::rt::time::timeout;
use actix_ws::{CloseCode, CloseReason, Session};
use async_graphql::ServerError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::request::GraphQLRequest;

/// Time in which a reader must make room for another message.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Incoming message.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Ping {},
    Pong {},
    Subscribe { id: String, payload: GraphQLRequest },
    Complete { id: String },
}

/// The other side is gone or too slow.
pub(super) struct Disconnected;

/// Sender of messages. Every message waits for room for a limited time; what a slow reader does not accept is not
/// buffered.
#[derive(Clone)]
pub(super) struct Sender(pub(super) Session);

impl Sender {
    pub(super) async fn acknowledge(&mut self) -> Result<(), Disconnected> {
        self.send(json!({ "type": "connection_ack" }).to_string()).await
    }

    pub(super) async fn pong(&mut self) -> Result<(), Disconnected> {
        self.send(json!({ "type": "pong" }).to_string()).await
    }

    /// Sends a serialized response of an operation.
    pub(super) async fn next(&mut self, id: &str, answer: &[u8]) -> Result<(), Disconnected> {
        let answer = String::from_utf8_lossy(answer);
        self.send(format!(r#"{{"id":{},"type":"next","payload":{answer}}}"#, Value::from(id))).await
    }

    /// Reports that an operation did not begin.
    pub(super) async fn error(&mut self, id: &str, errors: &[ServerError]) -> Result<(), Disconnected> {
        self.send(json!({ "id": id, "type": "error", "payload": errors }).to_string()).await
    }

    /// Reports that an operation is complete.
    pub(super) async fn complete(&mut self, id: &str) -> Result<(), Disconnected> {
        self.send(json!({ "id": id, "type": "complete" }).to_string()).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.ping(b"")).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    pub(super) async fn answer_ping(&mut self, bytes: &[u8]) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.pong(bytes)).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    async fn send(&mut self, text: String) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.text(text)).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    pub(super) async fn close(self, reason: CloseReason) {
        // If there is no room for the message, the connection ends all the same.
        let _ = timeout(SEND_TIMEOUT, self.0.close(Some(reason))).await;
    }
}

/// Close reason with a code of the protocol.
pub(super) fn end(code: u16, reason: impl Into<String>) -> CloseReason {
    CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }
}
