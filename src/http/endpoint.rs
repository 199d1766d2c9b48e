//! The GraphQL endpoint: from a request's text to an answer. What must not go in: rules of the catalogue.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use async_graphql::parser::types::OperationType;
use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::accept::ResponseFormat;
use super::authorization;
use super::budget::RequestBudget;
use super::cache::{CacheGeneration, CacheKey, ResponseCache};
use super::error::HttpError;
use super::headers::RequestHeaders;
use super::idempotency;
use super::lane::Lane;
use super::request::{self, GraphQLRequest};
use super::response::{self, GraphQLResponse};
use super::validated_request::{RejectedRequest, ValidatedRequest};
use crate::app::AppState;
use crate::auth::{Caller, secret};
use crate::budget::{Balance, Client};
use crate::changelog;
use crate::graphql::context::RequestContext;
use crate::graphql::documents::Documents;
use crate::graphql::loaders::Loaders;
use crate::idempotency::Claim;
use crate::snapshot::Snapshot;
use crate::work::{Allowance, WorkMeter};

/// Requests up to this price are tried on the threads that answer.
const MAX_CHEAP_COST: u64 = 300;
/// Work that a unit of cost pays for: a unit is 50 microseconds at most.
const WORK_PER_UNIT: u64 = 5_000;
/// Requests up to this price do not wait for those that cost more.
const MAX_MODERATE_COST: u64 = 2_500;
/// Units of work that may be done on a thread that answers, some milliseconds. What needs more begins anew in the lane.
const MAX_CHEAP_WORK: u64 = 1_000_000;
/// Threads for mutations that are not cheap: most of their time they wait for the database.
const WRITE_THREADS: usize = 1;
/// How long a read waits for a position of the log; then it is answered all the same.
const MAX_POSITION_WAIT: Duration = Duration::from_secs(5);

/// What the endpoint keeps from one request to the next. All workers share all of it but the loaders.
#[derive(Clone)]
pub(super) struct Endpoint {
    state: Arc<AppState>,
    loaders: Loaders,
    documents: Arc<Documents>,
    responses: Arc<ResponseCache>,
    /// Places for requests that are being answered. A body that is still coming in holds none, or a few hundred slow
    /// peers would shut out everybody else.
    permits: Arc<Semaphore>,
    /// Places for WebSockets.
    sockets: Arc<Semaphore>,
    lanes: Arc<Lanes>,
}

impl Endpoint {
    /// The endpoint of a process.
    pub(super) fn new(state: Arc<AppState>) -> crate::error::Result<Self> {
        let loaders = Loaders::new(state.database.read.clone());
        let lanes = Arc::new(Lanes::start(&state)?);
        let documents = Arc::new(Documents::default());
        let permits = Arc::new(Semaphore::new(state.settings.max_in_flight));
        let responses = Arc::new(ResponseCache::new(state.settings.cache_mb));
        let sockets = Arc::new(Semaphore::new(state.settings.max_sockets));
        Ok(Self { state, loaders, documents, responses, permits, sockets, lanes })
    }

    /// The same for another worker.
    pub(super) fn for_worker(&self) -> Self {
        Self { loaders: Loaders::new(self.state.database.read.clone()), ..self.clone() }
    }

    /// Whether browsers find GraphiQL.
    pub(super) fn has_graphiql(&self) -> bool {
        self.state.settings.graphiql
    }

    /// Who sends a request with these headers.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, HttpError> {
        authorization::caller(&self.state.auth, headers).await
    }

    /// What a request says about itself, and from where it comes.
    pub(super) fn request_headers(&self, request: &HttpRequest) -> Result<RequestHeaders, HttpError> {
        let client = authorization::client(request, self.state.settings.trusted_proxies);
        Ok(RequestHeaders { client, ..RequestHeaders::read(request.headers())? })
    }

    /// What every request can reach.
    pub(super) fn state(&self) -> &AppState {
        &self.state
    }

    /// The answer to a request as it came in: a kept one where there is one that holds.
    pub(super) async fn serve(
        &self,
        caller: Caller,
        headers: RequestHeaders,
        key: CacheKey,
        budget: &mut RequestBudget,
    ) -> Result<GraphQLResponse, HttpError> {
        budget.charge_reading(key.text.len())?;
        if let Some(position) = headers.position {
            self.wait_for(position).await;
        }
        let snapshot = self.snapshot()?;
        let generation = CacheGeneration { point: snapshot.point(), date: self.state.clock.today() };
        let shared = caller == Caller::Anonymous && headers.idempotency_key.is_none();
        if shared {
            let kept = self.responses.get(&key, generation);
            self.state.metrics.count_cache_lookup(kept.is_some());
            if let Some(bytes) = kept {
                return Ok(GraphQLResponse::cached(bytes).at(generation.point.position));
            }
        }
        if caller == Caller::Anonymous && headers.idempotency_key.is_some() {
            let rule = "An Idempotency-Key belongs to a caller: sign in, or send the request without it.";
            return Err(HttpError::bad_request(rule));
        }
        let request = if key.by_get { request::from_query_string(&key.text) } else { request::from_body(&key.text) }?;
        let Ok(_permit) = self.permits.try_acquire() else {
            return Err(HttpError::unavailable("The server has its hands full; try again shortly."));
        };
        let validated = match self.validate(request, &caller) {
            Ok(validated) => validated,
            Err(rejected) => return response::refused(rejected.error, rejected.cost, key.kind),
        };
        let query = validated.kind == OperationType::Query;
        if key.by_get && !query {
            return Err(HttpError::method_not_allowed("POST", "GET is for queries; send this by POST."));
        }
        budget.charge_up_to(validated.cost.requested)?;
        // An answer that others may get, or the same caller again, says nothing of what is left now.
        let balance = if shared && query || headers.idempotency_key.is_some() { None } else { budget.balance };
        let run = Run { caller, client: headers.client, snapshot, claim: None, balance, payer: Some(budget.client) };
        let response = match headers.idempotency_key {
            Some(own) => {
                let request = secret::hash(&String::from_utf8_lossy(&key.text));
                idempotency::answer(self, validated, run, (own, request), (key.kind, budget.client)).await?
            }
            None => self.run(validated, run, key.kind).await?,
        };
        if !shared || !query {
            return Ok(response.private());
        }
        if response.is_complete {
            self.responses.insert(key, generation, response.bytes.clone());
        }
        Ok(response)
    }

    /// Waits until what is answered from holds this position. Who asks for one that is not reached in time is told by the
    /// answer's own how far it has got. Nobody waits for one that the log itself has not reached: it is of a history that
    /// was undone by restoring a backup.
    async fn wait_for(&self, position: i64) {
        if self.state.snapshots.wait_for(position, Duration::ZERO).await {
            return;
        }
        let is_written = match changelog::head(&self.state.database.primary).await {
            Ok(head) => position <= head.position,
            Err(_) => true,
        };
        if is_written {
            self.state.snapshots.wait_for(position, MAX_POSITION_WAIT).await;
        }
    }

    /// Looks at everything that can be looked at before a request runs.
    pub(super) fn validate(
        &self,
        request: GraphQLRequest,
        caller: &Caller,
    ) -> Result<ValidatedRequest, Box<RejectedRequest>> {
        ValidatedRequest::new(&self.documents, request, caller)
    }

    /// What kind of operation a request asks for.
    pub(super) fn operation_type(&self, request: &GraphQLRequest) -> Result<OperationType, Box<RejectedRequest>> {
        let document = self.documents.read(&request.query)?;
        Ok(document.operation(request.operation_name.as_deref())?.ty)
    }

    /// Waits for a place among the requests that are being answered.
    pub(super) async fn acquire_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// The budget of a request.
    pub(super) fn budget(&self, caller: &Caller, headers: &RequestHeaders) -> RequestBudget {
        RequestBudget::new(self.state.budgets.clone(), Client::of(caller, headers.client))
    }

    /// A place for a WebSocket, where there is one.
    pub(super) fn acquire_socket(&self) -> Option<OwnedSemaphorePermit> {
        self.sockets.clone().try_acquire_owned().ok()
    }

    /// The state that a request answers from.
    pub(super) fn snapshot(&self) -> Result<Arc<Snapshot>, HttpError> {
        let loading = || HttpError::unavailable("The catalogue is still being loaded; try again shortly.");
        self.state.snapshots.snapshot().ok_or_else(loading)
    }

    /// Runs a request: a cheap one here, any other in its lane. A query that turns out not to be cheap begins anew there.
    pub(super) async fn run(
        &self,
        validated: ValidatedRequest,
        run: Run,
        kind: ResponseFormat,
    ) -> Result<GraphQLResponse, HttpError> {
        let execution = Execution { state: self.state.clone(), validated, run, kind };
        let is_query = execution.validated.kind == OperationType::Query;
        let deadline = Instant::now() + self.request_time();
        if execution.validated.cost.requested <= MAX_CHEAP_COST {
            let allowance = self.allowance();
            let work = if is_query { allowance.work.min(MAX_CHEAP_WORK) } else { allowance.work };
            let meter = Arc::new(WorkMeter::new(Allowance { work, ..allowance }, deadline));
            let response = execution.clone().run(self.loaders.clone(), meter.clone()).await;
            if !is_query || work == allowance.work || meter.spent().0 <= work {
                return response;
            }
        }
        let meter = Arc::new(WorkMeter::new(self.allowance(), deadline));
        let _cancelled = CancelOnDrop(meter.clone());
        let lane = self.lanes.of(execution.validated.kind, execution.validated.cost.requested);
        lane.run(move |loaders| execution.run(loaders, meter)).await?
    }

    /// The next turn of a subscription as the executor takes it, and the meter of its answers. Its loaders are its own: it
    /// runs on whichever thread of the lane is free.
    pub(super) fn subscription_request(
        &self,
        validated: ValidatedRequest,
        run: Run,
    ) -> (async_graphql::Request, Arc<WorkMeter>) {
        let loaders = Loaders::new(self.state.database.read.clone());
        let meter = Arc::new(WorkMeter::without_deadline(self.allowance()));
        let execution = Execution { state: self.state.clone(), validated, run, kind: ResponseFormat::Json };
        (execution.request(loaders, meter.clone()).0, meter)
    }

    /// Runs a turn of a subscription beside the threads that answer.
    pub(super) async fn run_in_lane<T, F>(
        &self,
        job: impl FnOnce(Loaders) -> F + Send + 'static,
    ) -> Result<T, HttpError>
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        self.lanes.moderate.run(job).await
    }

    /// What one request may do.
    fn allowance(&self) -> Allowance {
        let settings = &self.state.settings;
        Allowance { work: settings.request_work, objects: settings.answer_objects, bytes: settings.answer_kb * 1024 }
    }

    /// How long a request may take.
    pub(super) fn request_time(&self) -> Duration {
        request_time(&self.state)
    }
}

fn request_time(state: &AppState) -> Duration {
    Duration::from_secs(state.settings.request_seconds)
}

/// The lanes for requests that are not cheap. None waits for one of another lane, only for its share of the processors.
struct Lanes {
    /// Pages as frontends show them.
    moderate: Lane,
    /// What takes a processor for long.
    demanding: Lane,
    /// Mutations.
    writes: Lane,
}

impl Lanes {
    fn start(state: &AppState) -> crate::error::Result<Self> {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = match state.settings.search_threads {
            0 => cores(),
            threads => threads,
        };
        // A part of the places: cheap requests find one also while the queues are full.
        let max_waiting = state.settings.max_in_flight.div_ceil(4);
        let start = |threads| Lane::start(threads, max_waiting, || Loaders::new(state.database.read.clone()));
        Ok(Self { moderate: start(threads)?, demanding: start(threads)?, writes: start(WRITE_THREADS)? })
    }

    fn of(&self, kind: OperationType, cost: u64) -> &Lane {
        match kind {
            OperationType::Mutation => &self.writes,
            OperationType::Query | OperationType::Subscription if cost <= MAX_MODERATE_COST => &self.moderate,
            OperationType::Query | OperationType::Subscription => &self.demanding,
        }
    }
}

/// Ends the work of a request that nobody waits for any more.
struct CancelOnDrop(Arc<WorkMeter>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A request that is to be executed, wherever that may be.
#[derive(Clone)]
struct Execution {
    state: Arc<AppState>,
    validated: ValidatedRequest,
    run: Run,
    kind: ResponseFormat,
}

impl Execution {
    /// Executes it and writes the answer.
    async fn run(self, loaders: Loaders, meter: Arc<WorkMeter>) -> Result<GraphQLResponse, HttpError> {
        let (state, kind) = (self.state.clone(), self.kind);
        let (position, cost) = (self.run.snapshot.position, self.validated.cost.clone());
        let (balance, payer) = (self.run.balance, self.run.payer);
        let is_query = self.validated.kind == OperationType::Query;
        let (request, reached) = self.request(loaders, meter.clone());
        let response = run_contained(state.schema.execute(request), request_time(&state)).await?;
        let (work, objects, bytes) = meter.spent();
        tracing::debug!(cost = cost.requested, work, objects, bytes, "executed");
        if let Some(payer) = payer {
            state.budgets.charge_afterwards(&payer, (work / WORK_PER_UNIT).saturating_sub(cost.requested));
        }
        // Of a mutation that was carried out the answer says as much as it can.
        if let Some(error) = meter.refusal().filter(|_| is_query) {
            return response::stopped(error, &cost, kind);
        }
        let response = response::executed(response, &cost, balance, kind)?;
        Ok(response.at(position.max(reached.load(Ordering::Relaxed))))
    }

    /// As the executor takes it, and where it will say how far it has written. What a mutation answers is read from the
    /// database that it has written to, which a replica may be behind.
    fn request(self, loaders: Loaders, meter: Arc<WorkMeter>) -> (async_graphql::Request, Arc<AtomicI64>) {
        let Self { state, validated, run, .. } = self;
        let writes = validated.kind == OperationType::Mutation;
        let loaders = if writes { Loaders::new(state.database.primary.clone()) } else { loaders };
        let mut context = RequestContext::new(run.snapshot, state.clock.now(), run.caller, meter);
        (context.claim, context.client) = (run.claim, run.client);
        let reached = context.written_position.clone();
        (validated.into_request().data(loaders).data(context), reached)
    }
}

/// What an execution comes to, within its time. One that panics is our own fault, and takes nobody else along.
pub(super) async fn run_contained<T>(run: impl Future<Output = T>, time: Duration) -> Result<T, HttpError> {
    match tokio::time::timeout(time, AssertUnwindSafe(run).catch_unwind()).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(HttpError::internal()),
        Err(_) => Err(HttpError::timeout()),
    }
}

/// One run of a request.
#[derive(Clone)]
pub(super) struct Run {
    /// Who sends it.
    pub(super) caller: Caller,
    /// From where.
    pub(super) client: Option<IpAddr>,
    /// The state that it answers from.
    pub(super) snapshot: Arc<Snapshot>,
    /// Its claim, where it is to write once.
    pub(super) claim: Option<Claim>,
    /// What is left of its client's budget, where its answer is to say so.
    pub(super) balance: Option<Balance>,
    /// Whose budget is charged for work beyond the price.
    pub(super) payer: Option<Client>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status and the body of what an execution comes to.
    async fn refused(run: impl Future<Output = ()>) -> (u16, serde_json::Value) {
        let answer = run_contained(run, Duration::from_secs(10)).await.unwrap_err().answer(ResponseFormat::Json);
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
