//! The GraphQL endpoint: from the text of a request to its response. Does not belong here: rules of the catalogue.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use async_graphql::parser::types::OperationType;
use catalog::auth::Caller;
use catalog::budget::{Balance, Client};
use catalog::changelog;
use catalog::idempotency::Claim;
use catalog::secret;
use catalog::snapshot::Snapshot;
use futures_util::FutureExt;
use search::work::{Allowance, WorkMeter};
use tokio::sync::Semaphore;

use super::accept::ResponseFormat;
use super::authorization;
use super::budget::RequestBudget;
use super::cache::{CacheGeneration, CacheKey, Miss, ResponseCache};
use super::error::HttpError;
use super::headers::RequestHeaders;
use super::idempotency;
use super::lane::Lanes;
use super::request;
use super::response::{self, GraphQLResponse};
use super::validated_request::ValidatedRequest;
use crate::graphql::context::RequestContext;
use crate::graphql::documents::Documents;
use crate::graphql::loaders::Loaders;
use crate::state::AppState;

/// Maximum cost of a request that is first tried on the threads that answer.
const MAX_CHEAP_COST: u64 = 300;
/// Units of work that one unit of cost pays for. A unit of cost is 50 microseconds at most.
const WORK_PER_UNIT: u64 = 5_000;
/// Maximum work on a thread that answers, some milliseconds. A request that needs more restarts in a lane.
const MAX_CHEAP_WORK: u64 = 1_000_000;
/// Maximum time that a read waits for a log position. It is answered afterwards in any case.
const MAX_POSITION_WAIT: Duration = Duration::from_secs(5);

/// State of the endpoint between requests. All workers share it, except for the loaders.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) state: Arc<AppState>,
    loaders: Loaders,
    pub(super) documents: Arc<Documents>,
    responses: Arc<ResponseCache>,
    /// Permits for requests being answered. A body that is still arriving holds none, or a few hundred slow peers could
    /// shut out everyone else.
    pub(super) permits: Arc<Semaphore>,
    /// Permits for WebSockets.
    pub(super) sockets: Arc<Semaphore>,
    pub(super) lanes: Arc<Lanes>,
}

impl Endpoint {
    /// Creates the endpoint of a process.
    pub(super) fn new(state: Arc<AppState>) -> catalog::error::Result<Self> {
        let loaders = Loaders::new(state.database.read.clone());
        let lanes = Arc::new(Lanes::start(&state)?);
        let permits = Arc::new(Semaphore::new(state.settings.max_in_flight));
        let responses = Arc::new(ResponseCache::new(state.settings.cache_mb));
        let sockets = Arc::new(Semaphore::new(state.settings.max_sockets));
        Ok(Self { state, loaders, documents: Arc::default(), responses, permits, sockets, lanes })
    }

    /// Creates the endpoint of another worker.
    pub(super) fn for_worker(&self) -> Self {
        Self { loaders: Loaders::new(self.state.database.read.clone()), ..self.clone() }
    }

    /// Reads Lectern's headers and the client address of a request.
    pub(super) fn request_headers(&self, request: &HttpRequest) -> Result<RequestHeaders, HttpError> {
        let client = authorization::client(request, self.state.settings.trusted_proxies);
        Ok(RequestHeaders { client, ..RequestHeaders::read(request.headers())? })
    }

    /// Answers a raw request, from the cache if possible.
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
        let generation = CacheGeneration { point: snapshot.point, date: self.state.clock.today() };
        let shared = caller == Caller::Anonymous && headers.idempotency_key.is_none();
        let cached = || self.cached(&key, generation, headers.position);
        if shared {
            let cached = cached();
            self.state.metrics.count_cache_lookup(cached.is_some());
            if let Some(response) = cached {
                return Ok(response);
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
        let validated = match ValidatedRequest::new(&self.documents, request, &caller) {
            Ok(validated) => validated,
            Err(rejected) => return response::refused(rejected.error, rejected.cost.as_ref(), key.kind),
        };
        let query = validated.kind == OperationType::Query;
        if key.by_get && !query {
            return Err(HttpError::method_not_allowed("POST", "GET is for queries; send this by POST."));
        }
        let mut computation = None;
        if shared && query && self.state.settings.cache_mb > 0 {
            match self.responses.miss(&key) {
                Miss::First(first) => computation = Some(first),
                // An error says that it is done.
                Miss::Waits(mut running) => _ = running.changed().await,
            }
            // Another request may have computed it since.
            if let Some(response) = cached() {
                return Ok(response);
            }
        }
        budget.charge_up_to(validated.cost.requested)?;
        // Responses that others, or the same caller, may receive again do not state the current balance.
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
        drop(computation);
        Ok(response)
    }

    /// Cached response that is not older than the request allows: the position that it names, and the setting.
    fn cached(&self, key: &CacheKey, now: CacheGeneration, position: Option<i64>) -> Option<GraphQLResponse> {
        let max_age = Duration::from_millis(self.state.settings.cache_staleness_ms);
        // A position beyond the newest one cannot be waited for.
        let least = position.map_or(i64::MIN, |position| position.min(now.point.position));
        let is_valid = |cached: &CacheGeneration| {
            let is_at_least = cached.date == now.date && cached.point.position >= least;
            is_at_least && self.state.snapshots.is_recent(cached.point, max_age)
        };
        let (position, bytes) = self.responses.get(key, is_valid)?;
        Some(GraphQLResponse::cached(bytes).at(position))
    }

    /// Waits until the snapshot includes this position. If that takes too long, the client learns the actual position
    /// from the response. Does not wait for positions beyond the end of the log: they belong to a history that a
    /// restored backup has undone.
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

    pub(super) fn budget(&self, caller: &Caller, headers: &RequestHeaders) -> RequestBudget {
        RequestBudget::new(self.state.budgets.clone(), Client::of(caller, headers.client))
    }

    /// Snapshot that the request answers from.
    pub(super) fn snapshot(&self) -> Result<Arc<Snapshot>, HttpError> {
        let loading = || HttpError::unavailable("The catalogue is still being loaded; try again shortly.");
        self.state.snapshots.snapshot().ok_or_else(loading)
    }

    /// Runs a request, here if it is cheap, otherwise in its lane. A query that turns out not to be cheap restarts
    /// there.
    pub(super) async fn run(
        &self,
        validated: ValidatedRequest,
        run: Run,
        kind: ResponseFormat,
    ) -> Result<GraphQLResponse, HttpError> {
        let execution = Execution { state: self.state.clone(), validated, run, kind };
        let is_query = execution.validated.kind == OperationType::Query;
        let deadline = Instant::now() + self.state.settings.request_time();
        if execution.validated.cost.requested <= MAX_CHEAP_COST {
            let allowance = self.state.settings.allowance();
            let work = if is_query { allowance.work.min(MAX_CHEAP_WORK) } else { allowance.work };
            let meter = Arc::new(WorkMeter::new(Allowance { work, ..allowance }, deadline));
            let response = execution.clone().run(self.loaders.clone(), meter.clone()).await;
            if !is_query || work == allowance.work || meter.spent().0 <= work {
                return response;
            }
        }
        let meter = Arc::new(WorkMeter::new(self.state.settings.allowance(), deadline));
        let _cancelled = CancelOnDrop(meter.clone());
        let lane = self.lanes.of(execution.validated.kind, execution.validated.cost.requested);
        lane.run(move |loaders| execution.run(loaders, meter)).await?
    }

    /// Builds the next turn of a subscription for the executor, with the meter of its responses. It has loaders of its
    /// own, because it runs on any free thread of the lane.
    pub(super) fn subscription_request(
        &self,
        validated: ValidatedRequest,
        run: Run,
    ) -> (async_graphql::Request, Arc<WorkMeter>) {
        let loaders = Loaders::new(self.state.database.read.clone());
        let meter = Arc::new(WorkMeter::without_deadline(self.state.settings.allowance()));
        let execution = Execution { state: self.state.clone(), validated, run, kind: ResponseFormat::Json };
        (execution.request(loaders, meter.clone()).0, meter)
    }
}

/// Cancels the work of a request that nobody waits for any more.
struct CancelOnDrop(Arc<WorkMeter>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Request that is ready to execute, on any thread.
#[derive(Clone)]
struct Execution {
    state: Arc<AppState>,
    validated: ValidatedRequest,
    run: Run,
    kind: ResponseFormat,
}

impl Execution {
    /// Executes the request and serializes the response.
    async fn run(self, loaders: Loaders, meter: Arc<WorkMeter>) -> Result<GraphQLResponse, HttpError> {
        let (state, kind) = (self.state.clone(), self.kind);
        let (position, cost) = (self.run.snapshot.point.position, self.validated.cost.clone());
        let (balance, payer) = (self.run.balance, self.run.payer);
        let is_query = self.validated.kind == OperationType::Query;
        let (request, reached) = self.request(loaders, meter.clone());
        let response = run_contained(state.schema.execute(request), state.settings.request_time()).await?;
        let (work, objects, bytes) = meter.spent();
        tracing::debug!(cost = cost.requested, work, objects, bytes, "executed");
        if let Some(payer) = payer {
            state.budgets.cost.take_up_to(&payer, (work / WORK_PER_UNIT).saturating_sub(cost.requested));
        }
        // A mutation that was carried out is answered as far as possible.
        if let Some(error) = meter.refusal().filter(|_| is_query) {
            return response::stopped(error.clone().into(), &cost, kind);
        }
        let response = response::executed(response, &cost, balance, kind)?;
        Ok(response.at(position.max(reached.load(Ordering::Relaxed))))
    }

    /// Builds the request for the executor, and the cell that will hold the written position. A mutation reads its
    /// response from the primary, because a replica may lag behind its write.
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

/// Runs an execution within its time. A panic becomes an internal error and affects nobody else.
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
    pub(super) caller: Caller,
    pub(super) client: Option<IpAddr>,
    /// Snapshot that it answers from.
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) claim: Option<Claim>,
    /// Balance of the client's budget, if the response states it.
    pub(super) balance: Option<Balance>,
    /// Client that is charged for work beyond the price.
    pub(super) payer: Option<Client>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status and body of an execution's error response.
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
        let start = tokio::time::Instant::now();
        let (status, body) = refused(std::future::pending()).await;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (503, &"TIMEOUT".into()));
        assert_eq!(start.elapsed().as_secs(), 10);
    }
}
