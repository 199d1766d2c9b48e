//! A client of graphql-transport-ws.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::App;

/// A connection.
pub struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

/// The handshake of a client of the protocol.
pub fn handshake(app: &App) -> Request {
    let address = app.address.replace("http://", "ws://");
    let mut request = format!("{address}/graphql").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    request
}

impl Socket {
    /// A connection on which nothing has been sent.
    pub async fn open(app: &App) -> Self {
        let (socket, answer) = connect_async(handshake(app)).await.unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        Self(socket)
    }

    /// A connection that is ready for subscriptions.
    pub async fn ready(app: &App) -> Self {
        let mut socket = Self::open(app).await;
        socket.send(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn send(&mut self, message: Value) {
        self.say(&message.to_string()).await;
    }

    pub async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next message of the protocol.
    pub async fn next(&mut self) -> Value {
        let message = self.hear().await.expect("the connection is open");
        let Message::Text(text) = message else { panic!("{message:?}") };
        serde_json::from_str(&text).unwrap()
    }

    /// What comes next apart from pings, which the server sends whatever else happens.
    async fn hear(&mut self) -> Option<Message> {
        let heard = async {
            loop {
                match self.0.next().await.map(Result::unwrap) {
                    Some(Message::Ping(_) | Message::Pong(_)) => {}
                    other => return other,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), heard).await.expect("something comes within a minute")
    }

    /// The code with which the server closes the connection, skipping messages before it.
    pub async fn end(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.hear().await.expect("it ends with a code") {
                return frame.unwrap().code.into();
            }
        }
    }
}
