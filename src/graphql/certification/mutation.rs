//! Mutations on certifications.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::certification::service;
use catalog::certification::service::CertificationUpdate;
use catalog::certification::transition;
use catalog::certification::transition::TransitionRequest;
use catalog::dictionary;
use catalog::error::AppError;
use catalog::write::MutationOutcome;
use entity::ListingStatus;

use super::inputs::{CertificationInput, CertificationPatch};
use super::types::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Result of a mutation on a certification.
#[derive(SimpleObject)]
pub struct CertificationPayload {
    /// Certification after the mutation, changed or not. Null if a new certification was not created, because of user
    /// errors or `validateOnly`.
    certification: Option<Certification>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on certifications.
#[derive(Default)]
pub struct CertificationMutation;

/// Mutations on certifications.
#[Object]
impl CertificationMutation {
    /// Creates a certification and publishes it. If another issuer has a certification whose name equals or resembles
    /// this one, it stays a DRAFT until that issuer or staff publish it, see `publishCertification`; certifications
    /// that staff create are published at once. Allowed for editors and owners of the issuer, its service tokens and
    /// staff. Returns the user error LIMIT if the issuer has 1,000 certifications, or 20 before staff have approved it.
    async fn create_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider that issues the certification.")] issuer: ID,
        #[graphql(desc = "Data of the certification.")] input: UntypedInput<CertificationInput>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<CertificationPayload>> {
        let create = async {
            let issuer = row_to_write(NodeKind::Provider, "provider", "issuer", &issuer)?;
            let writer = ctx.writer(validate_only);
            service::create(ctx.primary(), &writer, ctx.caller(), issuer, &input.fields).await
        };
        Some(payload(ctx, create.await).await)
    }

    /// Updates a certification. If it gets a new name that another issuer has, it becomes a DRAFT, as with
    /// `createCertification`. Allowed for editors and owners of the issuer, its service tokens and staff.
    async fn update_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the certification.")] id: ID,
        #[graphql(
            desc = "Version of the certification that you read. If it has changed since, returns the user error STALE \
                    and the certification as it is now."
        )]
        expected_version: i32,
        #[graphql(desc = "Changes to make.")] input: UntypedInput<CertificationPatch>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<CertificationPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Certification, "certification", "id", &id)?;
            let patch = CertificationUpdate { id, expected: expected_version, fields: &input.fields };
            service::update(ctx.primary(), &ctx.writer(validate_only), ctx.caller(), patch).await
        };
        Some(payload(ctx, change.await).await)
    }

    /// Publishes a certification that is a draft or retired. If another issuer has the name of a draft, only an owner
    /// of that issuer or staff can publish it; members of its own issuer get the user error NOT_ALLOWED. Otherwise
    /// allowed for editors and owners of the issuer, its service tokens and staff.
    async fn publish_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the certification.")] id: ID,
        #[graphql(desc = "Version that you read. If it has changed since, returns the user error STALE.")]
        expected_version: i32,
    ) -> Option<Result<CertificationPayload>> {
        let turn = (ListingStatus::Published, Mutation::PublishCertification, None);
        Some(change(ctx, &id, expected_version, turn).await)
    }

    /// Retires a published certification. From then on it can be looked up by slug or ID, but appears nowhere else. A
    /// draft is the user error NOT_ALLOWED. Allowed for editors and owners of the issuer, its service tokens and staff.
    async fn retire_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the certification.")] id: ID,
        #[graphql(desc = "Version that you read. If it has changed since, returns the user error STALE.")]
        expected_version: i32,
        #[graphql(desc = "Reason, at most 2,000 characters. Shown to members and staff in the history.")]
        reason: Option<String>,
    ) -> Option<Result<CertificationPayload>> {
        let turn = (ListingStatus::Retired, Mutation::RetireCertification, reason.as_deref());
        Some(change(ctx, &id, expected_version, turn).await)
    }
}

async fn change(
    ctx: &Context<'_>,
    id: &ID,
    expected: i32,
    (status, mutation, reason): (ListingStatus, Mutation, Option<&str>),
) -> Result<CertificationPayload> {
    let id = row_to_write(NodeKind::Certification, "certification", "id", id)?;
    let transition = TransitionRequest { id, expected, status, mutation, reason };
    let outcome = transition::change(ctx.primary(), &ctx.writer(false), ctx.caller(), transition).await;
    payload(ctx, outcome).await
}

async fn payload(
    ctx: &Context<'_>,
    outcome: Result<MutationOutcome<Arc<dictionary::Certification>>, AppError>,
) -> Result<CertificationPayload> {
    let outcome = outcome?;
    ctx.wait_until_served(outcome.position).await;
    let user_errors = UserError::whole(outcome.errors);
    Ok(CertificationPayload { certification: outcome.current.map(Certification), user_errors })
}
