//! The GraphQL endpoint: from a request to an answer. What must not go in: rules of the catalogue.

use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{MessageBody, SizedStream};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::Semaphore;

use super::accept::Kind;
use super::refusal::Refusal;
use super::request::{self, Asked};
use super::{answer, graphiql};
use crate::app::State;
use crate::graphql::context::Request;
use crate::graphql::documents::Documents;

/// How long an answer may take.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// What the endpoint keeps from one request to the next, shared by all workers.
pub(super) struct Endpoint {
    state: Arc<State>,
    documents: Documents,
    /// Places for requests that are being answered. A body that is still coming in holds none, or a few hundred slow
    /// peers would shut out everybody else.
    places: Semaphore,
}

impl Endpoint {
    /// The endpoint of a process.
    pub(super) fn new(state: Arc<State>) -> Self {
        let documents = Documents::new(&state.schema.sdl());
        let places = Semaphore::new(state.settings.max_in_flight);
        Self { state, documents, places }
    }

    async fn answer(&self, asked: Asked, kind: Kind, by_get: bool) -> HttpResponse {
        let Ok(_place) = self.places.try_acquire() else {
            return Refusal::unavailable("The server has its hands full; try again shortly.").answer(kind);
        };
        let Some(snapshot) = self.state.live.snapshot() else {
            return Refusal::unavailable("The catalogue is still being loaded; try again shortly.").answer(kind);
        };
        let variables = asked.variables.unwrap_or_default();
        let name = asked.operation_name.as_deref();
        let document = match self.documents.read(&asked.query) {
            Ok(document) => document,
            Err(error) => return answer::refused(error, None, kind),
        };
        let operation = match document.operation(name) {
            Ok(operation) => operation,
            Err(error) => return answer::refused(error, None, kind),
        };
        if by_get && operation.ty != OperationType::Query {
            return Refusal::method("POST", "GET is for queries; send this by POST.").answer(kind);
        }
        let cost = self.documents.cost(&document, operation, &variables);
        if let Err(error) = cost.check() {
            return answer::refused(error, Some(cost), kind);
        }
        let mut request = async_graphql::Request::new("").variables(variables);
        request.operation_name = asked.operation_name;
        request.set_parsed_query(document.parsed());
        let request = request.data(Request { snapshot, now: self.state.clock.now() });
        match self.execute(request).await {
            Ok(response) => answer::executed(response, cost, kind),
            Err(refusal) => refusal.answer(kind),
        }
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

/// `POST /graphql`.
pub(super) async fn post(endpoint: web::Data<Endpoint>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let Some(kind) = Kind::asked(&request, false) else { return Refusal::not_acceptable().answer(Kind::Json) };
    let mut payload = payload;
    match read(&request, &mut payload).await {
        Ok(asked) => endpoint.answer(asked, kind, false).await,
        Err(refusal) => holding(payload, refusal.answer(kind)),
    }
}

/// An answer that holds the body of its request until it is sent. Were that dropped before, the server would go on
/// reading a chunked body to its end, which may never come; so it closes the connection instead.
fn holding(payload: web::Payload, answer: HttpResponse) -> HttpResponse {
    answer.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            let length = bytes.len() as u64;
            let once = stream::once(ready(Ok::<_, std::convert::Infallible>(bytes)));
            SizedStream::new(length, once.inspect(move |_| _ = &payload)).boxed()
        }
        Err(body) => body,
    })
}

async fn read(request: &HttpRequest, payload: &mut web::Payload) -> Result<Asked, Refusal> {
    request::check_form(request.headers())?;
    request::from_body(&request::body(request.headers(), payload).await?)
}

/// `GET /graphql`: a query, or GraphiQL for a browser.
pub(super) async fn get(endpoint: web::Data<Endpoint>, request: HttpRequest) -> HttpResponse {
    match Kind::asked(&request, endpoint.state.settings.graphiql) {
        None => Refusal::not_acceptable().answer(Kind::Json),
        Some(Kind::Page) => graphiql::page(),
        Some(kind @ (Kind::Json | Kind::GraphqlResponse)) => match request::from_query_string(request.query_string()) {
            Ok(asked) => endpoint.answer(asked, kind, true).await,
            Err(refusal) => refusal.answer(kind),
        },
    }
}

/// Every other method.
pub(super) async fn other() -> HttpResponse {
    Refusal::method("GET, POST", "Send queries by POST, or by GET.").answer(Kind::Json)
}
