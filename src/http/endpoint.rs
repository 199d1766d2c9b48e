//! The GraphQL endpoint: from a request's text to an answer. What must not go in: rules of the catalogue.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use async_graphql::parser::types::OperationType;
use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::accept::Kind;
use super::answer::{self, Written};
use super::authorization;
use super::cache::{Answers, Key, Moment};
use super::once;
use super::prepared::{Prepared, Unfit};
use super::refusal::Refusal;
use super::request::{self, Asked};
use super::sent::Sent;
use crate::app::State;
use crate::auth::{Caller, secret};
use crate::graphql::context::Request;
use crate::graphql::documents::Documents;
use crate::graphql::loaders::Loaders;
use crate::idempotency::Claim;
use crate::live::Snapshot;

/// How long an answer may take.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// How long a read waits for a position of the log; then it is answered all the same.
const POSITION_TIME: Duration = Duration::from_secs(5);

/// What the endpoint keeps from one request to the next. All workers share all of it but the loaders.
#[derive(Clone)]
pub(super) struct Endpoint {
    state: Arc<State>,
    loaders: Loaders,
    documents: Arc<Documents>,
    answers: Arc<Answers>,
    /// Places for requests that are being answered. A body that is still coming in holds none, or a few hundred slow
    /// peers would shut out everybody else.
    places: Arc<Semaphore>,
    /// Places for WebSockets.
    sockets: Arc<Semaphore>,
}

impl Endpoint {
    /// The endpoint of a process.
    pub(super) fn new(state: Arc<State>) -> Self {
        let loaders = Loaders::new(state.database.read.clone());
        let documents = Arc::new(Documents::new(&state.schema.sdl()));
        let places = Arc::new(Semaphore::new(state.settings.max_in_flight));
        let answers = Arc::new(Answers::new(state.settings.cache_mb));
        let sockets = Arc::new(Semaphore::new(state.settings.max_sockets));
        Self { state, loaders, documents, answers, places, sockets }
    }

    /// The same for another worker.
    pub(super) fn of_worker(&self) -> Self {
        Self { loaders: Loaders::new(self.state.database.read.clone()), ..self.clone() }
    }

    /// Whether browsers find GraphiQL.
    pub(super) fn pages(&self) -> bool {
        self.state.settings.graphiql
    }

    /// Who sends a request with these headers.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        authorization::caller(&self.state.auth, headers).await
    }

    /// What a request says about itself, and from where it comes.
    pub(super) fn sent(&self, request: &HttpRequest) -> Result<Sent, Refusal> {
        let client = authorization::client(request, self.state.settings.trusted_proxies);
        Ok(Sent { client, ..Sent::read(request.headers())? })
    }

    /// What every request can reach.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// The answer to a request as it came in: a kept one where there is one that holds.
    pub(super) async fn serve(&self, caller: Caller, sent: Sent, key: Key) -> Result<Written, Refusal> {
        if let Some(position) = sent.position {
            // Who asks for a position that is not reached in time is told by the answer's own how far it has got.
            self.state.live.reached(position, POSITION_TIME).await;
        }
        let snapshot = self.snapshot()?;
        let moment = Moment { position: snapshot.position, date: self.state.clock.today() };
        let shared = caller == Caller::Anonymous && sent.idempotency_key.is_none();
        if shared {
            let kept = self.answers.get(&key, moment);
            self.state.metrics.looked_up(kept.is_some());
            if let Some(bytes) = kept {
                return Ok(Written::kept(bytes).at(moment.position));
            }
        }
        let asked = if key.by_get { request::from_query_string(&key.text) } else { request::from_body(&key.text) }?;
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Refusal::unavailable("The server has its hands full; try again shortly."));
        };
        let prepared = match self.prepare(asked, caller.keeps_listings()) {
            Ok(prepared) => prepared,
            Err(unfit) => return answer::refused(unfit.error, unfit.cost, key.kind),
        };
        let query = prepared.kind == OperationType::Query;
        if key.by_get && !query {
            return Err(Refusal::method("POST", "GET is for queries; send this by POST."));
        }
        let run = Run { caller, client: sent.client, snapshot, claim: None };
        let written = match sent.idempotency_key {
            Some(own) => {
                let request = secret::hash(&String::from_utf8_lossy(&key.text));
                once::answer(self, prepared, run, (own, request), key.kind).await?
            }
            None => self.run(prepared, run, key.kind).await?,
        };
        if !shared || !query {
            return Ok(written.private());
        }
        if written.whole {
            self.answers.keep(key, moment, written.bytes.clone());
        }
        Ok(written)
    }

    /// Looks at everything that can be looked at before a request runs.
    pub(super) fn prepare(&self, asked: Asked, batch: bool) -> Result<Prepared, Box<Unfit>> {
        Prepared::new(&self.documents, asked, batch)
    }

    /// Waits for a place among the requests that are being answered.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// A place for a WebSocket, where there is one.
    pub(super) fn socket(&self) -> Option<OwnedSemaphorePermit> {
        self.sockets.clone().try_acquire_owned().ok()
    }

    /// The state that a request answers from.
    pub(super) fn snapshot(&self) -> Result<Arc<Snapshot>, Refusal> {
        let loading = || Refusal::unavailable("The catalogue is still being loaded; try again shortly.");
        self.state.live.snapshot().ok_or_else(loading)
    }

    /// Runs a request.
    pub(super) async fn run(&self, prepared: Prepared, run: Run, kind: Kind) -> Result<Written, Refusal> {
        let (position, cost) = (run.snapshot.position, prepared.cost.clone());
        let (request, reached) = self.request(prepared, run);
        let written = answer::executed(contained(self.state.schema.execute(request)).await?, &cost, kind)?;
        Ok(written.at(position.max(reached.load(Ordering::Relaxed))))
    }

    /// A request as the executor takes it, and where it will say how far it has written. What a mutation answers is read
    /// from the database that it has written to, which a replica may be behind.
    pub(super) fn request(&self, prepared: Prepared, run: Run) -> (async_graphql::Request, Arc<AtomicI64>) {
        let writes = prepared.kind == OperationType::Mutation;
        let loaders = if writes { Loaders::new(self.state.database.primary.clone()) } else { self.loaders.clone() };
        let mut context = Request::new(run.snapshot, self.state.clock.now(), run.caller);
        (context.claim, context.client) = (run.claim, run.client);
        let reached = context.reached.clone();
        (prepared.into_request().data(loaders).data(context), reached)
    }
}

/// What an execution comes to, within its time. One that panics is our own fault, and takes nobody else along.
pub(super) async fn contained<T>(run: impl Future<Output = T>) -> Result<T, Refusal> {
    match tokio::time::timeout(REQUEST_TIME, AssertUnwindSafe(run).catch_unwind()).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(Refusal::internal()),
        Err(_) => Err(Refusal::out_of_time()),
    }
}

/// One run of a request.
pub(super) struct Run {
    /// Who sends it.
    pub(super) caller: Caller,
    /// From where.
    pub(super) client: Option<IpAddr>,
    /// The state that it answers from.
    pub(super) snapshot: Arc<Snapshot>,
    /// Its claim, where it is to write once.
    pub(super) claim: Option<Claim>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status and the body of what an execution comes to.
    async fn refused(run: impl Future<Output = ()>) -> (u16, serde_json::Value) {
        let answer = contained(run).await.unwrap_err().answer(Kind::Json);
        let status = answer.status().as_u16();
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_its_words() {
        let (status, body) = refused(async { panic!("the secret of select * from account") }).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (500, &"INTERNAL_SERVER_ERROR".into()));
        assert!(!body.to_string().contains("secret"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_ends_is_given_up_after_ten_seconds() {
        let begun = tokio::time::Instant::now();
        let (status, body) = refused(std::future::pending()).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (503, &"TIMEOUT".into()));
        assert_eq!(begun.elapsed().as_secs(), 10);
    }
}
