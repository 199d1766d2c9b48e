//! The GraphQL endpoint: from a request's text to an answer. What must not go in: rules of the catalogue.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::HeaderMap;
use async_graphql::parser::types::OperationType;
use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::accept::Kind;
use super::answer::{self, Written};
use super::authorization;
use super::cache::{Answers, Key, Moment};
use super::refusal::Refusal;
use super::request::{self, Asked};
use crate::app::State;
use crate::auth::Caller;
use crate::graphql::context::Request;
use crate::graphql::documents::Documents;
use crate::graphql::loaders::Loaders;
use crate::live::Snapshot;

/// How long an answer may take.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// What the endpoint keeps from one request to the next, shared by all workers.
pub(super) struct Endpoint {
    state: Arc<State>,
    documents: Documents,
    answers: Answers,
    /// Places for requests that are being answered. A body that is still coming in holds none, or a few hundred slow
    /// peers would shut out everybody else.
    places: Semaphore,
}

impl Endpoint {
    /// The endpoint of a process.
    pub(super) fn new(state: Arc<State>) -> Self {
        let documents = Documents::new(&state.schema.sdl());
        let places = Semaphore::new(state.settings.max_in_flight);
        let answers = Answers::new(state.settings.cache_mb);
        Self { state, documents, answers, places }
    }

    /// Whether browsers find GraphiQL.
    pub(super) fn pages(&self) -> bool {
        self.state.settings.graphiql
    }

    /// Who sends a request with these headers.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        authorization::caller(&self.state.auth, headers).await
    }

    /// The answer to a request as it came in: a kept one where there is one that holds.
    pub(super) async fn serve(&self, caller: Caller, key: Key) -> Result<Written, Refusal> {
        let Some(snapshot) = self.state.live.snapshot() else {
            return Err(Refusal::unavailable("The catalogue is still being loaded; try again shortly."));
        };
        let moment = Moment { position: snapshot.position, date: self.state.clock.today() };
        let anonymous = caller == Caller::Anonymous;
        if let Some(bytes) = self.answers.get(&key, moment).filter(|_| anonymous) {
            return Ok(Written::kept(bytes));
        }
        let asked = if key.by_get { request::from_query_string(&key.text) } else { request::from_body(&key.text) }?;
        let (written, keep) = self.answer(asked, caller, snapshot, key.kind, key.by_get).await?;
        if !anonymous {
            return Ok(written.private());
        }
        if keep {
            self.answers.keep(key, moment, written.bytes.clone());
        }
        Ok(written)
    }

    /// The answer, and whether it may be kept.
    async fn answer(
        &self,
        asked: Asked,
        caller: Caller,
        snapshot: Arc<Snapshot>,
        kind: Kind,
        by_get: bool,
    ) -> Result<(Written, bool), Refusal> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Refusal::unavailable("The server has its hands full; try again shortly."));
        };
        let variables = asked.variables.unwrap_or_default();
        let document = match self.documents.read(&asked.query) {
            Ok(document) => document,
            Err(error) => return Ok((answer::refused(error, None, kind)?, false)),
        };
        let operation = match document.operation(asked.operation_name.as_deref()) {
            Ok(operation) => operation,
            Err(error) => return Ok((answer::refused(error, None, kind)?, false)),
        };
        let query = operation.ty == OperationType::Query;
        if by_get && !query {
            return Err(Refusal::method("POST", "GET is for queries; send this by POST."));
        }
        if let Err(error) = self.documents.check_variables(operation, &variables) {
            return Ok((answer::refused(error, None, kind)?, false));
        }
        let cost = self.documents.cost(&document, operation, &variables);
        if let Err(error) = cost.check() {
            return Ok((answer::refused(error, Some(cost), kind)?, false));
        }
        let mut request = async_graphql::Request::new("").variables(variables);
        request.operation_name = asked.operation_name;
        request.set_parsed_query(document.parsed());
        let request = request.data(Loaders::new(self.state.database.read.clone()));
        let request = request.data(Request::new(snapshot, self.state.clock.now(), caller));
        let written = answer::executed(self.execute(request).await?, cost, kind)?;
        let keep = query && written.whole;
        Ok((if query { written } else { written.private() }, keep))
    }

    async fn execute(&self, request: async_graphql::Request) -> Result<async_graphql::Response, Refusal> {
        let run = AssertUnwindSafe(self.state.schema.execute(request)).catch_unwind();
        match tokio::time::timeout(REQUEST_TIME, run).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) => Err(Refusal::internal()),
            Err(_) => Err(Refusal::out_of_time()),
        }
    }
}
