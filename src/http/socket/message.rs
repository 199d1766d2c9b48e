//! The messages of the protocol.

use actix_web::rt::time::timeout;
use actix_ws::{CloseCode, CloseReason, Session};
use async_graphql::ServerError;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

use crate::http::request::GraphQLRequest;

/// How long a reader may take until there is room for one more message.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// What comes in.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Ping {},
    Pong {},
    Subscribe {
        id: String,
        payload: GraphQLRequest,
    },
    Complete {
        id: String,
    },
}

/// The other side is gone, or too slow.
pub(super) struct Disconnected;

/// What goes out. Every message waits for room, and only so long: what a slow reader has not taken is not kept.
#[derive(Clone)]
pub(super) struct Sender(pub(super) Session);

impl Sender {
    pub(super) async fn acknowledge(&mut self) -> Result<(), Disconnected> {
        self.send(json!({ "type": "connection_ack" }).to_string()).await
    }

    pub(super) async fn pong(&mut self) -> Result<(), Disconnected> {
        self.send(json!({ "type": "pong" }).to_string()).await
    }

    /// An answer of an operation, written already.
    pub(super) async fn next(&mut self, id: &str, answer: &[u8]) -> Result<(), Disconnected> {
        let answer = String::from_utf8_lossy(answer);
        self.send(format!(r#"{{"id":{},"type":"next","payload":{answer}}}"#, Value::from(id))).await
    }

    /// An operation did not begin.
    pub(super) async fn error(&mut self, id: &str, errors: &[ServerError]) -> Result<(), Disconnected> {
        self.send(json!({ "id": id, "type": "error", "payload": errors }).to_string()).await
    }

    /// An operation is over.
    pub(super) async fn complete(&mut self, id: &str) -> Result<(), Disconnected> {
        self.send(json!({ "id": id, "type": "complete" }).to_string()).await
    }

    /// Asks the other side whether it is there.
    pub(super) async fn ping(&mut self) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.ping(b"")).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    /// Answers the same question.
    pub(super) async fn answer_ping(&mut self, bytes: &[u8]) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.pong(bytes)).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    async fn send(&mut self, text: String) -> Result<(), Disconnected> {
        timeout(SEND_TIMEOUT, self.0.text(text)).await.map_err(|_| Disconnected)?.map_err(|_| Disconnected)
    }

    pub(super) async fn close(self, reason: CloseReason) {
        // Where there is no room for it, the connection ends all the same.
        let _ = timeout(SEND_TIMEOUT, self.0.close(Some(reason))).await;
    }
}

/// The end of a connection, as the protocol numbers it.
pub(super) fn end(code: u16, reason: impl Into<String>) -> CloseReason {
    CloseReason { code: CloseCode::from(code), description: Some(reason.into()) }
}
