//! Mutations on providers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::dictionary;
use catalog::error::AppError;
use catalog::notice::Notices;
use catalog::provider::service;
use catalog::provider::service::{NameDecision, ProviderDecision, ProviderUpdate};
use catalog::write::MutationOutcome;

use super::inputs::{ProviderInput, ProviderPatch};
use super::types::Provider;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ProviderStatus;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Result of a mutation on a provider.
#[derive(SimpleObject)]
pub struct ProviderPayload {
    /// Provider after the mutation, changed or not. Null if a new provider could not be registered.
    provider: Option<Provider>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on providers.
#[derive(Default)]
pub struct ProviderMutation;

/// Mutations on providers.
#[Object]
impl ProviderMutation {
    /// Registers a provider. The caller becomes its OWNER. The provider is PENDING, visible to its members and staff
    /// only, until staff decide on it. Returns the user error LIMIT if the caller already owns five providers that
    /// staff have not approved.
    async fn register_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Data of the provider.")] input: UntypedInput<ProviderInput>,
    ) -> Option<Result<ProviderPayload>> {
        let outcome = service::register(ctx.primary(), &ctx.writer(false), ctx.caller(), &input.fields).await;
        if outcome.as_ref().is_ok_and(|outcome| outcome.position.is_some()) {
            ctx.data_unchecked::<Notices>().staff_queue();
        }
        Some(payload(ctx, outcome).await)
    }

    /// Updates a provider's listing. Once the provider has been approved, a new name or slug waits for staff, see
    /// `Provider.nameRequest`; sending the current name and slug withdraws the request. Allowed for editors and owners
    /// of the provider, its service tokens and staff, whose changes apply at once.
    async fn update_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider.")] id: ID,
        #[graphql(
            desc = "Version of the provider that you read. If it has changed since, returns the user error STALE and \
                    the provider as it is now."
        )]
        expected_version: i32,
        #[graphql(desc = "Changes to make.")] input: UntypedInput<ProviderPatch>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<ProviderPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Provider, "provider", "id", &id)?;
            let patch = ProviderUpdate { id, expected: expected_version, fields: &input.fields };
            service::update(ctx.primary(), &ctx.writer(validate_only), ctx.caller(), patch).await
        };
        let outcome = change.await;
        let waits = |outcome: &MutationOutcome<Arc<dictionary::Provider>>| {
            outcome.position.is_some() && outcome.current.as_ref().is_some_and(|row| row.name_request.is_some())
        };
        if outcome.as_ref().is_ok_and(waits) {
            ctx.data_unchecked::<Notices>().staff_queue();
        }
        Some(payload(ctx, outcome).await)
    }

    /// Decides on a provider: approves or rejects it, and later pauses, closes or reactivates it. Its published
    /// listings enter all lists when it becomes ACTIVE and leave them when it becomes PAUSED or CLOSED. Staff only.
    async fn decide_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider.")] id: ID,
        #[graphql(
            desc = "New status. A PENDING or REJECTED provider can become ACTIVE or REJECTED; one that has been ACTIVE \
                    can become PAUSED, CLOSED or ACTIVE again. Anything else is the user error NOT_ALLOWED."
        )]
        status: ProviderStatus,
        #[graphql(desc = "Reason for the decision, at most 2,000 characters. Recorded in the provider's history.")]
        reason: Option<String>,
    ) -> Option<Result<ProviderPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Provider, "provider", "id", &id)?;
            let decision = ProviderDecision { id, status: status.into(), reason: reason.as_deref() };
            service::decide(ctx.primary(), &ctx.writer(false), ctx.caller(), decision).await
        };
        Some(payload(ctx, change.await).await)
    }

    /// Decides on the name and slug that an approved provider has requested. If accepted, they replace the current
    /// ones, and the old slug still resolves. Returns the user error TAKEN if another provider has taken the slug in
    /// the meantime, and NOT_FOUND if there is no request. Staff only.
    async fn decide_provider_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider.")] id: ID,
        #[graphql(desc = "Version that you read. If it has changed since, returns the user error STALE.")]
        expected_version: i32,
        #[graphql(desc = "True gives the provider the requested name and slug. False drops the request.")] accept: bool,
        #[graphql(desc = "Reason for the decision, at most 2,000 characters. Recorded in the provider's history.")]
        reason: Option<String>,
    ) -> Option<Result<ProviderPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Provider, "provider", "id", &id)?;
            let decision = NameDecision { id, expected: expected_version, accept, reason: reason.as_deref() };
            service::decide_name(ctx.primary(), &ctx.writer(false), ctx.caller(), decision).await
        };
        Some(payload(ctx, change.await).await)
    }
}

async fn payload(
    ctx: &Context<'_>,
    outcome: Result<MutationOutcome<Arc<dictionary::Provider>>, AppError>,
) -> Result<ProviderPayload> {
    let outcome = outcome?;
    ctx.wait_until_served(outcome.position).await;
    let user_errors = UserError::whole(outcome.errors);
    Ok(ProviderPayload { provider: outcome.current.map(Provider), user_errors })
}
