//! One subscription: executed turn by turn, each on the newest snapshot, for as long as the connection lasts.

use std::sync::Arc;

use actix_web::rt::time::timeout;
use actix_web::web::Data;
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use catalog::auth::Caller;
use catalog::error::Code;
use futures_util::{Stream, StreamExt};

use super::connection::ActiveSubscriptions;
use super::message::{Disconnected, Sender};
use crate::graphql::changelog::SubscriptionCursor;
use crate::graphql::error::request_error;
use crate::http::accept::ResponseFormat;
use crate::http::budget::RequestBudget;
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
        if let Err(error) = self.budget.charge_reading(request.query.len()) {
            return self.refuse(vec![error.into()]).await;
        }
        let validated = match self.validate(request) {
            Ok(validated) => validated,
            Err(rejected) => return self.refuse(vec![rejected.error]).await,
        };
        // A rejected subscription keeps no connection open.
        let _active = self.activity.begin();
        let cursor = Arc::new(SubscriptionCursor::default());
        let snapshots = self.endpoint.state.snapshots.clone();
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
        let documents = &self.endpoint.documents;
        let document = documents.read(&request.query)?;
        if document.operation(request.operation_name.as_deref())?.ty == OperationType::Subscription {
            return ValidatedRequest::new(documents, request, &Caller::Anonymous);
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
        let snapshot = match self.endpoint.snapshot() {
            Ok(snapshot) => snapshot,
            Err(error) => return self.end(vec![error.into()]).await,
        };
        let run = Run { caller: Caller::Anonymous, client: None, snapshot, claim: None, balance: None, payer: None };
        let (stream_request, meter) = self.endpoint.subscription_request(validated.clone(), run);
        let start = cursor.get();
        let mut answers = self.endpoint.state.schema.execute_stream(stream_request.data(cursor.clone()));
        loop {
            meter.restart();
            let next = match self.next(answers).await {
                Ok((next, rest)) => {
                    answers = rest;
                    next
                }
                Err(error) => return self.break_off(error).await,
            };
            let Some(response) = next else { return Ok(true) };
            if cursor.get() == start {
                // Nothing was read: another turn would give the same result.
                return self.end(response.errors).await;
            }
            if let Err(error) = self.budget.charge(validated.cost.requested.max(1)) {
                return self.end(vec![error.into()]).await;
            }
            match response::executed(response, &validated.cost, None, ResponseFormat::Json) {
                Ok(written) => self.sender.next(&self.id, &written.bytes).await?,
                Err(error) => return self.break_off(error).await,
            }
        }
    }

    /// Returns the next response with its stream. A turn takes a permit like a request, waits no longer for it than a
    /// request, and runs in the lane of searches.
    async fn next<S>(&self, mut answers: S) -> Result<(Option<Response>, S), HttpError>
    where
        S: Stream<Item = Response> + Send + Unpin + 'static,
    {
        let time = self.endpoint.state.settings.request_time();
        let _permit = timeout(time, self.endpoint.permits.acquire()).await.map_err(|_| HttpError::timeout())?;
        let turn = move |_| async move { Ok((run_contained(answers.next(), time).await?, answers)) };
        self.endpoint.lanes.moderate.run(turn).await?
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
