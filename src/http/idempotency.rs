//! `Idempotency-Key`: a mutation that writes once, however often it is sent.

use async_graphql::parser::types::OperationType;
use catalog::auth::Mutation;
use catalog::budget::Client;
use catalog::idempotency::{self, Claim, ClaimResult};

use super::accept::ResponseFormat;
use super::endpoint::{Endpoint, Run};
use super::error::HttpError;
use super::response::GraphQLResponse;
use super::validated_request::ValidatedRequest;

/// Answers a mutation with a key: with its own response, or the one to the first request with the key.
pub(super) async fn answer(
    endpoint: &Endpoint,
    validated: ValidatedRequest,
    run: Run,
    (key, request): (String, String),
    (kind, client): (ResponseFormat, Client),
) -> Result<GraphQLResponse, HttpError> {
    check(&validated)?;
    let kept = &endpoint.state.budgets.kept_answers;
    let db = &endpoint.state.database.write;
    let now = endpoint.state.clock.now();
    match idempotency::claim(db, now, run.caller.name(), key, request).await? {
        ClaimResult::First(claim) => {
            // The length is known only once the response exists. A kilobyte is what a row of the table may take.
            if let Err(exceeded) = kept.take(&client, 1) {
                claim.release(db).await?;
                return Err(HttpError::over_budget(OVER_KEPT_ANSWERS, &exceeded));
            }
            let result = endpoint.run(validated, Run { claim: Some(claim.clone()), ..run }, kind).await;
            store_or_release(endpoint, &claim, &result).await?;
            if let Ok(response) = &result {
                kept.take_up_to(&client, response.bytes.len() as u64 / 1024);
            }
            result
        }
        ClaimResult::Again(kept) => Ok(GraphQLResponse::replayed(kept)),
        ClaimResult::Other => {
            Err(HttpError::conflict("This Idempotency-Key stands for another request; take a new one."))
        }
        ClaimResult::Running => Err(HttpError::conflict("The same request still runs; send it again shortly.")),
        ClaimResult::Lost => {
            Err(HttpError::conflict("The request was carried out, but its answer is lost; read what it has written."))
        }
    }
}

const OVER_KEPT_ANSWERS: &str =
    "Too many answers are kept for your idempotency keys; come again later, or send this without one.";

/// Checks whether a request may carry a key.
fn check(validated: &ValidatedRequest) -> Result<(), HttpError> {
    let rule = match (validated.kind, validated.only_field()) {
        (OperationType::Mutation, Some(field)) if Mutation::named(field).is_some_and(Mutation::has_secret) => {
            "An answer with a secret is kept nowhere: send this mutation without Idempotency-Key."
        }
        (OperationType::Mutation, Some(_)) => return Ok(()),
        (OperationType::Mutation | OperationType::Query | OperationType::Subscription, _) => {
            "A request with an Idempotency-Key must hold one mutation and nothing else."
        }
    };
    Err(HttpError::bad_request(rule))
}

/// Stores the response. After a transient failure, it releases the key instead.
async fn store_or_release(
    endpoint: &Endpoint,
    claim: &Claim,
    result: &Result<GraphQLResponse, HttpError>,
) -> Result<(), HttpError> {
    let db = &endpoint.state.database.write;
    let kept = result.as_ref().ok().filter(|response| !response.is_transient);
    let kept = kept.and_then(|response| Some((response.status, std::str::from_utf8(&response.bytes).ok()?)));
    match kept {
        Some((status, text)) => claim.store_response(db, status.as_u16(), text).await?,
        None => claim.release(db).await?,
    }
    Ok(())
}
