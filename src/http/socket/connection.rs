//! One connection: its client, its subscriptions, and its end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{Instant, interval, sleep_until};
use actix_web::web::Data;
use actix_ws::{AggregatedMessage, CloseReason, MessageStream, Session};
use catalog::budget::{Client, Share};
use catalog::error::Code;
use serde_json::{Map, Value};
use tokio::sync::{Notify, watch};

use super::IntakeLimit;
use super::message::{Disconnected, Incoming, Sender, end};
use super::operation::Operation;
use crate::graphql::error::{clipped, request_error};
use crate::http::authorization;
use crate::http::budget::RequestBudget;
use crate::http::endpoint::Endpoint;
use crate::http::request::GraphQLRequest;

/// Time in which a client must send `connection_init`.
const INIT_TIMEOUT: Duration = Duration::from_secs(5);
/// Interval of pings to a silent client. The third one without an answer ends the connection.
const PING_INTERVAL: Duration = Duration::from_secs(25);
/// Maximum time of a connection without a subscription.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of a message in bytes.
pub(super) const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// Maximum number of concurrent subscriptions.
const MAX_SUBSCRIPTIONS: usize = 20;
/// Maximum duration of a connection without a token. Clients reconnect by themselves.
const MAX_CONNECTION_TIME: Duration = Duration::from_secs(24 * 3600);

pub(super) struct Connection {
    endpoint: Data<Endpoint>,
    sender: Sender,
    intake: IntakeLimit,
    is_initialized: bool,
    /// Whether it ends with a token.
    has_token: bool,
    /// When it ends: at first if it is not initialized, later with the token.
    ends_at: Instant,
    /// When it ends without a subscription, once it is initialized.
    idle_until: Option<Instant>,
    /// Owner of its budgets: first the address, then the owner of the token.
    client: Client,
    _share: Share,
    activity: ActiveSubscriptions,
    operations: HashMap<String, JoinHandle<()>>,
    /// Notified by an operation whose reader is gone or too slow.
    gone: Arc<Notify>,
}

impl Connection {
    pub(super) fn new(
        endpoint: Data<Endpoint>,
        session: Session,
        intake: IntakeLimit,
        (client, share): (Client, Share),
    ) -> Self {
        Self {
            endpoint,
            sender: Sender(session),
            intake,
            is_initialized: false,
            has_token: false,
            ends_at: Instant::now() + INIT_TIMEOUT,
            idle_until: None,
            client,
            _share: share,
            activity: ActiveSubscriptions::default(),
            operations: HashMap::new(),
            gone: Arc::default(),
        }
    }

    /// Serves until one side ends the connection.
    pub(super) async fn serve(mut self, messages: MessageStream) {
        let reason = self.listen(messages).await;
        self.operations.drain().for_each(|(_, operation)| operation.abort());
        self.sender.close(reason).await;
    }

    async fn listen(&mut self, messages: MessageStream) -> CloseReason {
        let messages = messages.max_frame_size(MAX_MESSAGE_BYTES).aggregate_continuations();
        let mut messages = messages.max_continuation_size(MAX_MESSAGE_BYTES);
        let (mut stopping, gone) = (self.endpoint.state.stopping.subscribe(), self.gone.clone());
        let (mut ticks, mut silent) = (interval(PING_INTERVAL), 0);
        let mut activity = self.activity.0.subscribe();
        loop {
            tokio::select! {
                message = messages.recv() => {
                    silent = 0;
                    self.intake.message_complete();
                    let Some(Ok(message)) = message else { return end(4400, "the message cannot be read") };
                    if let Err(reason) = self.receive(message).await {
                        return reason;
                    }
                }
                _ = ticks.tick() => {
                    silent += 1;
                    if silent > 3 || self.sender.ping().await.is_err() {
                        return end(1001, "nobody is there");
                    }
                }
                () = sleep_until(self.ends_at) => return self.end_reason(),
                () = sleep_until_idle(self.idle_until) => return end(1000, "no subscription for 10 seconds"),
                _ = activity.changed() => self.note_activity(),
                () = gone.notified() => return end(1008, "the reader is too slow"),
                _ = stopping.wait_for(|stopping| *stopping) => return end(1001, "the server stops; come again"),
            }
        }
    }

    fn end_reason(&self) -> CloseReason {
        match (self.is_initialized, self.has_token) {
            (true, true) => end(4403, "the token has expired"),
            (true, false) => end(1000, "a connection lasts at most 24 hours; connect again"),
            (false, _) => end(4408, "Connection initialisation timeout"),
        }
    }

    /// Starts the idle time when the last subscription ends, and stops it when one begins.
    fn note_activity(&mut self) {
        let is_idle = *self.activity.0.borrow() == 0;
        self.idle_until = is_idle.then(|| self.idle_until.unwrap_or_else(|| Instant::now() + IDLE_TIMEOUT));
    }

    async fn receive(&mut self, message: AggregatedMessage) -> Result<(), CloseReason> {
        match message {
            AggregatedMessage::Text(text) => match serde_json::from_str(&text) {
                Ok(incoming) => self.handle(incoming).await,
                Err(_) => Err(end(4400, "the message is none of graphql-transport-ws")),
            },
            AggregatedMessage::Binary(_) => Err(end(4400, "messages are texts")),
            AggregatedMessage::Ping(bytes) => self.sender.answer_ping(&bytes).await.map_err(slow_reader),
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(_) => Err(end(1000, "")),
        }
    }

    async fn handle(&mut self, incoming: Incoming) -> Result<(), CloseReason> {
        match incoming {
            Incoming::ConnectionInit { .. } if self.is_initialized => {
                Err(end(4429, "Too many initialisation requests"))
            }
            Incoming::ConnectionInit { payload } => self.initialize(payload.unwrap_or_default()).await,
            Incoming::Ping {} => self.sender.pong().await.map_err(slow_reader),
            Incoming::Pong {} => Ok(()),
            Incoming::Subscribe { .. } if !self.is_initialized => Err(end(4401, "Unauthorized")),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Incoming::Complete { id } => {
                if let Some(operation) = self.operations.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    /// Initializes the connection. The token is in the first message, since browsers cannot send headers with a
    /// WebSocket. It is optional.
    async fn initialize(&mut self, payload: Map<String, Value>) -> Result<(), CloseReason> {
        let header = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let left = match header.map(|(_, value)| value.as_str()) {
            None => MAX_CONNECTION_TIME,
            Some(text) => self.token_lifetime(text.unwrap_or("?")).await?,
        };
        self.is_initialized = true;
        self.ends_at = Instant::now() + left;
        self.note_activity();
        self.sender.acknowledge().await.map_err(slow_reader)
    }

    async fn token_lifetime(&mut self, text: &str) -> Result<Duration, CloseReason> {
        let endpoint = self.endpoint.clone();
        let state = &endpoint.state;
        match authorization::identified(&state.auth, text).await {
            Ok(None) => Ok(MAX_CONNECTION_TIME),
            Ok(Some(known)) => {
                self.switch_client(Client::of(&known.caller, None))?;
                self.has_token = true;
                Ok((known.until - state.clock.now()).to_std().unwrap_or_default().min(MAX_CONNECTION_TIME))
            }
            Err(_) => Err(end(4403, "Forbidden")),
        }
    }

    /// Switches to the budgets of an authenticated client: many may share one address.
    fn switch_client(&mut self, client: Client) -> Result<(), CloseReason> {
        let share = self.endpoint.state.budgets.sockets.take(&client, 1);
        let share = share.ok_or_else(|| end(4429, "Too many connections"))?;
        (self.client, self._share) = (client, share);
        Ok(())
    }

    async fn subscribe(&mut self, id: String, request: GraphQLRequest) -> Result<(), CloseReason> {
        self.operations.retain(|_, operation| !operation.is_finished());
        if self.operations.contains_key(&id) {
            return Err(end(4409, format!("Subscriber for {} already exists", clipped(&id, 60, 60))));
        }
        if self.operations.len() >= MAX_SUBSCRIPTIONS {
            let message = format!("There may be at most {MAX_SUBSCRIPTIONS} subscriptions on a connection.");
            let error = request_error(Code::RateLimited, message, None);
            return self.sender.error(&id, &[error]).await.map_err(slow_reader);
        }
        let budgets = &self.endpoint.state.budgets;
        let Some(share) = budgets.subscriptions.take(&self.client, 1) else {
            let message = "You have too many subscriptions; end one, or come again later.";
            let error = request_error(Code::RateLimited, message, None);
            return self.sender.error(&id, &[error]).await.map_err(slow_reader);
        };
        let operation = Operation {
            endpoint: self.endpoint.clone(),
            sender: self.sender.clone(),
            id: id.clone(),
            budget: RequestBudget::new(budgets.clone(), self.client),
            activity: self.activity.clone(),
        };
        let gone = self.gone.clone();
        let running = async move {
            let _share = share;
            if operation.run(request).await.is_err() {
                gone.notify_one();
            }
        };
        self.operations.insert(id, actix_web::rt::spawn(running));
        Ok(())
    }
}

/// Number of active subscriptions of a connection.
#[derive(Clone, Default)]
pub(super) struct ActiveSubscriptions(watch::Sender<usize>);

/// One of them, counted until it is dropped, including when its task is aborted.
pub(super) struct ActiveSubscription(ActiveSubscriptions);

impl ActiveSubscriptions {
    pub(super) fn begin(&self) -> ActiveSubscription {
        self.0.send_modify(|count| *count += 1);
        ActiveSubscription(self.clone())
    }
}

impl Drop for ActiveSubscription {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

async fn sleep_until_idle(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

fn slow_reader(_: Disconnected) -> CloseReason {
    end(1008, "the reader is too slow")
}
