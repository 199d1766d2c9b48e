//! `/graphql`: the HTTP methods, and HTTP details around the body and the response.

use std::convert::Infallible;
use std::future::ready;

use actix_web::body::{MessageBody, SizedStream};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use catalog::auth::Caller;
use catalog::budget::{Client, Share};
use futures_util::{StreamExt, stream};

use super::accept::ResponseFormat;
use super::cache::{self, CacheKey};
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::response::GraphQLResponse;
use super::{graphiql, request, socket};

/// `POST /graphql`.
pub(super) async fn post(endpoint: Data<Endpoint>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let Some(kind) = ResponseFormat::negotiate(&request, false) else {
        return HttpError::not_acceptable().answer(ResponseFormat::Json);
    };
    let mut payload = payload;
    let read = async {
        let caller = endpoint.caller(request.headers()).await?;
        let headers = endpoint.request_headers(&request)?;
        let budget = endpoint.budget(&caller, &headers);
        let (text, share) = read(&endpoint, &request, (&caller, &budget.client), &mut payload).await?;
        Ok((caller, headers, text, share, budget))
    };
    let (caller, headers, text, _share, mut budget) = match read.await {
        Ok(read) => read,
        Err(error) => return hold_payload(payload, HttpError::answer(error, kind)),
    };
    let answer = match endpoint.serve(caller, headers, CacheKey { kind, by_get: false, text }, &mut budget).await {
        Ok(response) => response.answer(kind),
        Err(error) => error.answer(kind),
    };
    budget.mark(answer)
}

async fn read(
    endpoint: &Endpoint,
    request: &HttpRequest,
    (caller, client): (&Caller, &Client),
    payload: &mut Payload,
) -> Result<(Bytes, Share), HttpError> {
    request::check_content_type(request.headers())?;
    let shares = &endpoint.state().budgets.body_bytes;
    request::body(request.headers(), caller, payload, |bytes| shares.take(client, bytes)).await
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
        return socket::open(&endpoint, &request, payload);
    }
    let kind = match ResponseFormat::negotiate(&request, endpoint.has_graphiql()) {
        None => return HttpError::not_acceptable().answer(ResponseFormat::Json),
        Some(ResponseFormat::Page) => return graphiql::page(),
        Some(kind @ (ResponseFormat::Json | ResponseFormat::GraphqlResponse)) => kind,
    };
    let text = Bytes::copy_from_slice(request.query_string().as_bytes());
    let read = async {
        let caller = endpoint.caller(request.headers()).await?;
        let headers = endpoint.request_headers(&request)?;
        let budget = endpoint.budget(&caller, &headers);
        Ok::<_, HttpError>((caller, headers, budget))
    };
    let (caller, headers, mut budget) = match read.await {
        Ok(read) => read,
        Err(error) => return error.answer(kind),
    };
    let answer = match endpoint.serve(caller, headers, CacheKey { kind, by_get: true, text }, &mut budget).await {
        Ok(response) => shareable(&request, response, kind),
        Err(error) => error.answer(kind),
    };
    budget.mark(answer)
}

/// Builds a GET response. Others may cache a complete one briefly, and a client that already has it gets no body.
fn shareable(request: &HttpRequest, response: GraphQLResponse, kind: ResponseFormat) -> HttpResponse {
    if !response.is_complete || response.is_private {
        return response.answer(kind);
    }
    cache::shareable(request, &cache::tag(&response.bytes), || response.answer(kind))
}

/// Handles every other method.
pub(super) async fn method_not_allowed() -> HttpResponse {
    HttpError::method_not_allowed("GET, POST", "Send queries by POST, or by GET.").answer(ResponseFormat::Json)
}
