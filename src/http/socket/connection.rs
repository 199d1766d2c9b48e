//! One connection: who it is, which subscriptions run on it, and when it ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{Instant, interval, sleep_until};
use actix_web::web::Data;
use actix_ws::{AggregatedMessage, CloseReason, MessageStream, Session};
use serde_json::{Map, Value};
use tokio::sync::Notify;

use super::intake::Intake;
use super::message::{Gone, Incoming, Sender, end};
use super::operation::Operation;
use crate::error::{Code, request_error};
use crate::http::authorization;
use crate::http::endpoint::Endpoint;
use crate::http::request::Asked;

/// How long a client may take to introduce itself.
const INIT_TIME: Duration = Duration::from_secs(5);
/// How often a silent client is asked whether it is there; at the third question without an answer it is not.
const BEAT: Duration = Duration::from_secs(25);
/// The largest message that is read, in bytes.
pub(super) const MESSAGE_BYTES: usize = 64 * 1024;
/// Subscriptions that run at the same time.
const MOST: usize = 20;
/// For how long a connection may last without a token: clients come again by themselves.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// A connection at work.
pub(super) struct Connection {
    endpoint: Data<Endpoint>,
    sender: Sender,
    intake: Intake,
    introduced: bool,
    /// When it ends: first for want of an introduction, then with the token.
    ends: Instant,
    operations: HashMap<String, JoinHandle<()>>,
    /// Told by an operation whose reader is gone or too slow.
    gone: Arc<Notify>,
}

impl Connection {
    pub(super) fn new(endpoint: Data<Endpoint>, session: Session, intake: Intake) -> Self {
        let ends = Instant::now() + INIT_TIME;
        let (operations, gone) = (HashMap::new(), Arc::default());
        Self { endpoint, sender: Sender(session), intake, introduced: false, ends, operations, gone }
    }

    /// Serves until one of the two sides ends it.
    pub(super) async fn serve(mut self, messages: MessageStream) {
        let reason = self.listen(messages).await;
        self.operations.drain().for_each(|(_, operation)| operation.abort());
        self.sender.close(reason).await;
    }

    async fn listen(&mut self, messages: MessageStream) -> CloseReason {
        let messages = messages.max_frame_size(MESSAGE_BYTES).aggregate_continuations();
        let mut messages = messages.max_continuation_size(MESSAGE_BYTES);
        let (mut stopping, gone) = (self.endpoint.state().stopping.subscribe(), self.gone.clone());
        let (mut beat, mut silent) = (interval(BEAT), 0);
        loop {
            tokio::select! {
                message = messages.recv() => {
                    silent = 0;
                    self.intake.whole();
                    let Some(Ok(message)) = message else { return end(4400, "the message cannot be read") };
                    if let Err(reason) = self.take(message).await {
                        return reason;
                    }
                }
                _ = beat.tick() => {
                    silent += 1;
                    if silent > 3 || self.sender.beat().await.is_err() {
                        return end(1001, "nobody is there");
                    }
                }
                () = sleep_until(self.ends) => return self.over(),
                () = gone.notified() => return end(1008, "the reader is too slow"),
                _ = stopping.wait_for(|stopping| *stopping) => return end(1001, "the server stops; come again"),
            }
        }
    }

    fn over(&self) -> CloseReason {
        if self.introduced {
            end(4403, "the token has expired")
        } else {
            end(4408, "Connection initialisation timeout")
        }
    }

    async fn take(&mut self, message: AggregatedMessage) -> Result<(), CloseReason> {
        let done = match message {
            AggregatedMessage::Text(text) => match serde_json::from_str(&text) {
                Ok(incoming) => return self.answer(incoming).await,
                Err(_) => return Err(end(4400, "the message is none of graphql-transport-ws")),
            },
            AggregatedMessage::Binary(_) => return Err(end(4400, "messages are texts")),
            AggregatedMessage::Ping(bytes) => self.sender.answer_beat(&bytes).await,
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(_) => return Err(end(1000, "")),
        };
        done.map_err(slow)
    }

    async fn answer(&mut self, incoming: Incoming) -> Result<(), CloseReason> {
        match incoming {
            Incoming::ConnectionInit { .. } if self.introduced => Err(end(4429, "Too many initialisation requests")),
            Incoming::ConnectionInit { payload } => self.introduce(payload.unwrap_or_default()).await,
            Incoming::Ping {} => self.sender.pong().await.map_err(slow),
            Incoming::Pong {} => Ok(()),
            Incoming::Subscribe { .. } if !self.introduced => Err(end(4401, "Unauthorized")),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Incoming::Complete { id } => {
                if let Some(operation) = self.operations.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    /// Browsers cannot send headers with a WebSocket, so a token comes in the first message. None is needed.
    async fn introduce(&mut self, payload: Map<String, Value>) -> Result<(), CloseReason> {
        let header = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let left = match header.map(|(_, value)| value.as_str()) {
            None => LONGEST,
            Some(text) => self.token_holds(text.unwrap_or("?")).await?,
        };
        self.introduced = true;
        self.ends = Instant::now() + left;
        self.sender.acknowledge().await.map_err(slow)
    }

    async fn token_holds(&self, text: &str) -> Result<Duration, CloseReason> {
        let state = self.endpoint.state();
        match authorization::identified(&state.auth, text).await {
            Ok(None) => Ok(LONGEST),
            Ok(Some(known)) => Ok((known.until - state.clock.now()).to_std().unwrap_or_default().min(LONGEST)),
            Err(_) => Err(end(4403, "Forbidden")),
        }
    }

    async fn subscribe(&mut self, id: String, asked: Asked) -> Result<(), CloseReason> {
        self.operations.retain(|_, operation| !operation.is_finished());
        if self.operations.contains_key(&id) {
            return Err(end(4409, format!("Subscriber for {} already exists", crate::error::clipped(&id, 60, 60))));
        }
        if self.operations.len() >= MOST {
            let message = format!("There may be at most {MOST} subscriptions on a connection.");
            let error = request_error(Code::RateLimited, message, None);
            return self.sender.error(&id, &[error]).await.map_err(slow);
        }
        let operation = Operation { endpoint: self.endpoint.clone(), sender: self.sender.clone(), id: id.clone() };
        let gone = self.gone.clone();
        let running = async move {
            if operation.run(asked).await.is_err() {
                gone.notify_one();
            }
        };
        self.operations.insert(id, actix_web::rt::spawn(running));
        Ok(())
    }
}

fn slow(_: Gone) -> CloseReason {
    end(1008, "the reader is too slow")
}
