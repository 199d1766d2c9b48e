//! One subscription: executed turn by turn, each on the newest snapshot, for as long as the connection lasts.

use std::sync::Arc;

use actix_web::rt::time::timeout;
use actix_web::web::Data;
use async_graphql::parser::types::OperationType;
use async_graphql::{ErrorExtensionValues, Response, ServerError};
use catalog::auth::Caller;
use catalog::budget::Exceeded;
use catalog::error::Code;
use futures_util::{Stream, StreamExt};

use super::connection::ActiveSubscriptions;
use super::message::{Disconnected, Sender};
use crate::graphql::changelog::SubscriptionCursor;
use crate::graphql::error::request_error;
use crate::http::accept::ResponseFormat;
use crate::http::budget::{OVER_BUDGET, RequestBudget};
use crate::http::endpoint::{Endpoint, Run, run_contained};
use crate::http::error::HttpError;
use crate::http::request::GraphQLRequest;
use crate::http::response;
use crate::http::validated_request::{RejectedRequest, ValidatedRequest};

/// Active subscription.
pub(super) struct Operation {
    pub(super) endpoint: Data<Endpoint>,
    pub(super) sender: Sender,
    pub(super) id: String,
    pub(super) budget: RequestBudget,
    /// Active subscriptions of the connection.
    pub(super) activity: ActiveSubscriptions,
}

impl Operation {
    /// Runs until the client is gone.
    pub(super) async fn run(mut self, request: GraphQLRequest) -> Result<(), Disconnected> {
        // Reading it is charged whether it begins or not; each response is charged as one request.
        if let Err(exceeded) = self.budget.take(1 + request.query.len() as u64 / 1024) {
            return self.refuse(vec![over_budget(&exceeded)]).await;
        }
        let validated = match self.validate(request) {
            Ok(validated) => validated,
            Err(rejected) => return self.refuse(vec![rejected.error]).await,
        };
        // A rejected subscription keeps no connection open.
        let _active = self.activity.begin();
        let cursor = Arc::new(SubscriptionCursor::default());
        let snapshots = self.endpoint.state().snapshots.clone();
        let mut seen = snapshots.watch();
        let mut has_changed = true;
        loop {
            let position = *seen.borrow_and_update();
            // A lower position than before counts too: a backup was restored, which the turn will detect.
            if std::mem::take(&mut has_changed) || cursor.get().is_none_or(|reached| reached < position) {
                if !self.send_changes(&validated, &cursor).await? {
                    return Ok(());
                }
            } else if seen.changed().await.is_err() {
                return self.sender.complete(&self.id).await;
            } else {
                has_changed = true;
            }
        }
    }

    fn validate(&self, request: GraphQLRequest) -> Result<ValidatedRequest, Box<RejectedRequest>> {
        if self.endpoint.operation_type(&request)? == OperationType::Subscription {
            return self.endpoint.validate(request, &Caller::Anonymous);
        }
        let message = "Only subscriptions go over WebSocket; send queries and mutations by HTTP.";
        Err(request_error(Code::GraphqlValidationFailed, message, None).into())
    }

    /// Sends what has happened since the last turn. Returns whether there is another turn. The public feed is the same
    /// for everyone, so turns do not recheck the caller's rights.
    async fn send_changes(
        &mut self,
        validated: &ValidatedRequest,
        cursor: &Arc<SubscriptionCursor>,
    ) -> Result<bool, Disconnected> {
        let Ok(snapshot) = self.endpoint.snapshot() else {
            let message = "The catalogue is still being loaded; try again shortly.";
            return self.end(vec![request_error(Code::ServiceUnavailable, message, None)]).await;
        };
        let run = Run { caller: Caller::Anonymous, client: None, snapshot, claim: None, balance: None, payer: None };
        let (stream_request, meter) = self.endpoint.subscription_request(validated.clone(), run);
        let start = cursor.get();
        let mut answers = self.endpoint.state().schema.execute_stream(stream_request.data(cursor.clone()));
        loop {
            meter.restart();
            let next = match self.next(answers).await {
                Ok((next, rest)) => {
                    answers = rest;
                    next
                }
                Err(error) => return self.break_off(error).await,
            };
            let written = match next {
                Ok(None) => return Ok(true),
                // Nothing was read: another turn would give the same result.
                Ok(Some(response)) if cursor.get() == start => return self.end(response.errors).await,
                Ok(Some(response)) => {
                    if let Err(exceeded) = self.budget.take(validated.cost.requested.max(1)) {
                        return self.end(vec![over_budget(&exceeded)]).await;
                    }
                    response::executed(response, &validated.cost, None, ResponseFormat::Json)
                }
                Err(error) => Err(error),
            };
            match written {
                Ok(written) => self.sender.next(&self.id, &written.bytes).await?,
                Err(error) => return self.break_off(error).await,
            }
        }
    }

    /// Returns the next response with its stream. A turn takes a permit like a request, waits no longer for it than a
    /// request, and runs in the lane of searches.
    async fn next<S>(&self, mut answers: S) -> Result<(Result<Option<Response>, HttpError>, S), HttpError>
    where
        S: Stream<Item = Response> + Send + Unpin + 'static,
    {
        let time = self.endpoint.request_time();
        let _permit = timeout(time, self.endpoint.acquire_permit()).await.map_err(|_| HttpError::timeout())?;
        self.endpoint.run_in_lane(move |_| async move { (run_contained(answers.next(), time).await, answers) }).await
    }

    /// Ends the subscription if continuing would skip a change. A client with the cursor of the last one can resume
    /// after it.
    async fn break_off(&mut self, error: HttpError) -> Result<bool, Disconnected> {
        tracing::error!(refusal = ?error, "a change cannot be pushed");
        let message = "A change could not be read; subscribe again after the last one that came.";
        self.end(vec![request_error(Code::ServiceUnavailable, message, None)]).await
    }

    async fn end(&mut self, errors: Vec<ServerError>) -> Result<bool, Disconnected> {
        self.refuse(errors).await.map(|()| false)
    }

    async fn refuse(&mut self, errors: Vec<ServerError>) -> Result<(), Disconnected> {
        self.sender.error(&self.id, &response::shown(errors)).await
    }
}

fn over_budget(exceeded: &Exceeded) -> ServerError {
    let mut error = request_error(Code::RateLimited, OVER_BUDGET, None);
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("retryAfter", exceeded.retry_after);
    extensions.set("limit", exceeded.balance.limit);
    extensions.set("remaining", exceeded.balance.remaining);
    error
}
