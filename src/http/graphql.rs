//! `/graphql`: the HTTP methods, and HTTP details around the body and the response.

use std::convert::Infallible;
use std::future::ready;

use actix_web::body::{MessageBody, SizedStream};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use catalog::auth::Caller;
use futures_util::{StreamExt, stream};

use super::accept::ResponseFormat;
use super::budget::RequestBudget;
use super::cache::{self, CacheKey};
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::headers::RequestHeaders;
use super::response::GraphQLResponse;
use super::{authorization, graphiql, request, socket};

/// `POST /graphql`.
pub(super) async fn post(endpoint: Data<Endpoint>, request: HttpRequest, mut payload: Payload) -> HttpResponse {
    let Some(kind) = ResponseFormat::negotiate(&request, false) else {
        return HttpError::not_acceptable().answer(ResponseFormat::Json);
    };
    let read = async {
        let (caller, headers, budget) = sender(&endpoint, &request).await?;
        request::check_content_type(request.headers())?;
        let share = |bytes| endpoint.state.budgets.body_bytes.take(&budget.client, bytes);
        let (text, share) = request::body(request.headers(), &caller, &mut payload, share).await?;
        Ok((caller, headers, budget, text, share))
    };
    let (caller, headers, mut budget, text, _share) = match read.await {
        Ok(read) => read,
        Err(error) => return hold_payload(payload, HttpError::answer(error, kind)),
    };
    let response = endpoint.serve(caller, headers, CacheKey { kind, by_get: false, text }, &mut budget).await;
    budget.mark(response.map_or_else(|error| error.answer(kind), |response| response.answer(kind)))
}

/// Sender of a request, its headers and its budget.
async fn sender(
    endpoint: &Endpoint,
    request: &HttpRequest,
) -> Result<(Caller, RequestHeaders, RequestBudget), HttpError> {
    let caller = authorization::caller(&endpoint.state.auth, request.headers()).await?;
    let headers = endpoint.request_headers(request)?;
    let budget = endpoint.budget(&caller, &headers);
    Ok((caller, headers, budget))
}

/// Response that holds the request body until it is sent. If the body were dropped earlier, the server would keep
/// reading a chunked body to its end, which may never come. This way it closes the connection instead.
pub(super) fn hold_payload(payload: Payload, answer: HttpResponse) -> HttpResponse {
    answer.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            let length = bytes.len() as u64;
            let once = stream::once(ready(Ok::<_, Infallible>(bytes)));
            SizedStream::new(length, once.inspect(move |_| _ = &payload)).boxed()
        }
        Err(body) => body,
    })
}

/// `GET /graphql`: a query, GraphiQL for a browser, or a WebSocket.
pub(super) async fn get(endpoint: Data<Endpoint>, request: HttpRequest, payload: Payload) -> HttpResponse {
    if socket::is_upgrade(request.headers()) {
        let opened = socket::open(&endpoint, &request, payload);
        return opened.unwrap_or_else(|error| error.answer(ResponseFormat::Json));
    }
    let kind = match ResponseFormat::negotiate(&request, endpoint.state.settings.graphiql) {
        None => return HttpError::not_acceptable().answer(ResponseFormat::Json),
        Some(ResponseFormat::Page) => return graphiql::page(),
        Some(kind @ (ResponseFormat::Json | ResponseFormat::GraphqlResponse)) => kind,
    };
    let text = Bytes::copy_from_slice(request.query_string().as_bytes());
    let (caller, headers, mut budget) = match sender(&endpoint, &request).await {
        Ok(sender) => sender,
        Err(error) => return error.answer(kind),
    };
    let response = endpoint.serve(caller, headers, CacheKey { kind, by_get: true, text }, &mut budget).await;
    budget.mark(response.map_or_else(|error| error.answer(kind), |response| shareable(&request, response, kind)))
}

/// Builds a GET response. Others may cache a complete one briefly, and a client that already has it gets no body.
fn shareable(request: &HttpRequest, response: GraphQLResponse, kind: ResponseFormat) -> HttpResponse {
    if !response.is_complete || response.is_private {
        return response.answer(kind);
    }
    cache::shareable(request, &cache::tag(&response.bytes), || response.answer(kind))
}
