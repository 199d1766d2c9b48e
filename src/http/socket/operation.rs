//! One subscription: executed turn by turn, each on the newest state, for as long as the connection holds.

use std::sync::Arc;

use actix_web::web::Data;
use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use futures_util::StreamExt;

use super::message::{Gone, Sender};
use crate::auth::Caller;
use crate::changelog::Place;
use crate::error::{Code, request_error};
use crate::http::accept::Kind;
use crate::http::answer;
use crate::http::endpoint::{Endpoint, Run, contained};
use crate::http::prepared::Prepared;
use crate::http::request::Asked;

/// A subscription at work.
pub(super) struct Operation {
    pub(super) endpoint: Data<Endpoint>,
    pub(super) sender: Sender,
    pub(super) id: String,
}

impl Operation {
    /// Runs until the client is gone.
    pub(super) async fn run(mut self, asked: Asked) -> Result<(), Gone> {
        let prepared = match self.endpoint.prepare(asked, false) {
            Ok(prepared) if prepared.kind == OperationType::Subscription => prepared,
            Ok(_) => {
                let message = "Only subscriptions go over WebSocket; send queries and mutations by HTTP.";
                let error = request_error(Code::GraphqlValidationFailed, message, None);
                return self.refuse(vec![error]).await;
            }
            Err(unfit) => return self.refuse(vec![unfit.error]).await,
        };
        let place = Arc::new(Place::default());
        let live = self.endpoint.state().live.clone();
        let mut seen = live.watch();
        loop {
            let position = *seen.borrow_and_update();
            if place.get().is_none_or(|reached| reached < position) {
                if !self.turn(&prepared, &place).await? {
                    return Ok(());
                }
            } else if seen.changed().await.is_err() {
                return self.sender.complete(&self.id).await;
            }
        }
    }

    /// Sends what has happened since the last turn; whether there is another. What the public sees is the same for
    /// everybody, so that no turn has to look at the rights that its caller has by then.
    async fn turn(&mut self, prepared: &Prepared, place: &Arc<Place>) -> Result<bool, Gone> {
        let Ok(snapshot) = self.endpoint.snapshot() else {
            let message = "The catalogue is still being loaded; try again shortly.";
            return self.end(vec![request_error(Code::ServiceUnavailable, message, None)]).await;
        };
        let run = Run { caller: Caller::Anonymous, client: None, snapshot, claim: None };
        let (request, _) = self.endpoint.request(prepared.clone(), run);
        let begun = place.get();
        let mut answers = self.endpoint.state().schema.execute_stream(request.data(place.clone()));
        loop {
            // A turn takes its place among the requests, and with waiting for it no longer than one of them.
            let next = async {
                let _place = self.endpoint.place().await;
                answers.next().await
            };
            let written = match contained(next).await {
                Ok(None) => return Ok(true),
                // Nothing was read: another turn would come to the same.
                Ok(Some(response)) if place.get() == begun => return self.end(response.errors).await,
                Ok(Some(response)) => answer::executed(response, &prepared.cost, Kind::Json),
                Err(refusal) => Err(refusal),
            };
            match written {
                Ok(written) => self.sender.next(&self.id, &written.bytes).await?,
                Err(refusal) => {
                    // Going on would leave the change out. Who has the cursor of the last one can go on after it.
                    tracing::error!(?refusal, "a change cannot be pushed");
                    let message = "A change could not be read; subscribe again after the last one that came.";
                    return self.end(vec![request_error(Code::ServiceUnavailable, message, None)]).await;
                }
            }
        }
    }

    async fn end(&mut self, errors: Vec<ServerError>) -> Result<bool, Gone> {
        self.refuse(errors).await.map(|()| false)
    }

    async fn refuse(&mut self, errors: Vec<ServerError>) -> Result<(), Gone> {
        self.sender.error(&self.id, &answer::shown(errors)).await
    }
}
