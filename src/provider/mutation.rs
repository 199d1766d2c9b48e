//! Mutations of providers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::inputs::{ProviderInput, ProviderPatch};
use super::service::{self, Decision, NameDecision, Patch};
use super::types::Provider;
use crate::dictionary;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::ProviderStatus;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;
use crate::notice::Notices;
use crate::write::Saved;

/// What has become of a provider.
#[derive(SimpleObject)]
pub struct ProviderPayload {
    /// The provider as it is now, also where it was not changed; null where there is none, since it was to be new.
    provider: Option<Provider>,
    /// What is wrong with the input; empty where it was written.
    user_errors: Vec<UserError>,
}

/// Mutations of providers.
#[derive(Default)]
pub struct ProviderMutation;

/// Mutations of providers.
#[Object]
impl ProviderMutation {
    /// Registers a provider. Whoever does becomes its OWNER; it is PENDING, seen by its members and staff only, until
    /// staff decide on it. LIMIT: nobody owns more than five that staff have not let in.
    async fn register_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider, whole.")] input: Raw<ProviderInput>,
    ) -> Option<Result<ProviderPayload>> {
        let saved = service::register(ctx.primary(), &ctx.writer(false), ctx.caller(), &input.fields).await;
        if saved.as_ref().is_ok_and(|saved| saved.position.is_some()) {
            ctx.data_unchecked::<Notices>().staff_queue();
        }
        Some(payload(ctx, saved).await)
    }

    /// Changes a provider's listing. A new name or slug of a provider that was approved waits for staff, see
    /// Provider.nameRequest; the present ones in an input withdraw the request. Allowed for editors and owners of the provider,
    /// its own systems and staff, whose changes apply at once.
    async fn update_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which provider.")] id: ID,
        #[graphql(
            desc = "The version that was read. Where it is another one by now, the answer is the user error STALE \
                    and the provider as it is."
        )]
        expected_version: i32,
        #[graphql(desc = "What is to be changed.")] input: Raw<ProviderPatch>,
        #[graphql(default, desc = "Whether everything is checked and nothing written.")] validate_only: bool,
    ) -> Option<Result<ProviderPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Provider, "provider", "id", &id)?;
            let patch = Patch { id, expected: expected_version, fields: &input.fields };
            service::update(ctx.primary(), &ctx.writer(validate_only), ctx.caller(), patch).await
        };
        let saved = change.await;
        let waits = |saved: &Saved<Arc<dictionary::Provider>>| {
            saved.position.is_some() && saved.now.as_ref().is_some_and(|row| row.name_request.is_some())
        };
        if saved.as_ref().is_ok_and(waits) {
            ctx.data_unchecked::<Notices>().staff_queue();
        }
        Some(payload(ctx, saved).await)
    }

    /// Decides on a provider: lets it in or turns it away, later pauses it or closes it. Its published listings come into all lists with ACTIVE
    /// and leave them with PAUSED and CLOSED. Staff only.
    async fn decide_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which provider.")] id: ID,
        #[graphql(
            desc = "What it is to be: ACTIVE or, where it never was that, REJECTED; after that PAUSED, CLOSED or ACTIVE again."
        )]
        status: ProviderStatus,
        #[graphql(desc = "Why, at most 2,000 characters; it stays on record in the provider's history.")]
        reason: Option<String>,
    ) -> Option<Result<ProviderPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Provider, "provider", "id", &id)?;
            let decision = Decision { id, status: status.into(), reason: reason.as_deref() };
            service::decide(ctx.primary(), &ctx.writer(false), ctx.caller(), decision).await
        };
        Some(payload(ctx, change.await).await)
    }

    /// Decides on the name and slug that an approved provider asks for. Accepted, they take the place of the present ones,
    /// and the old slug goes on resolving. TAKEN: another provider has got the slug meanwhile. Staff only.
    async fn decide_provider_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID of the provider.")] id: ID,
        #[graphql(desc = "Version that was read. Another version now is the user error STALE.")] expected_version: i32,
        #[graphql(desc = "True gives the provider the name and slug, false drops the request.")] accept: bool,
        #[graphql(desc = "Why, at most 2,000 characters; it stays on record in the provider's history.")]
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

async fn payload(ctx: &Context<'_>, saved: Result<Saved<Arc<dictionary::Provider>>>) -> Result<ProviderPayload> {
    let saved = saved?;
    ctx.written(saved.position).await;
    let user_errors = UserError::whole(saved.faults);
    Ok(ProviderPayload { provider: saved.now.map(Provider), user_errors })
}
