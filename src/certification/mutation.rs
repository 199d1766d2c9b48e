//! Mutations of certifications.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::ListingStatus;

use super::inputs::{CertificationInput, CertificationPatch};
use super::service::{self, Patch};
use super::transition::{self, Transition};
use super::types::Certification;
use crate::dictionary;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;
use crate::write::Saved;

/// What has become of a certification.
#[derive(SimpleObject)]
pub struct CertificationPayload {
    /// The certification as it is now, also where it was not changed; null where there is none, since it was to be new.
    certification: Option<Certification>,
    /// What is wrong with the input; where there is anything, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations of certifications.
#[derive(Default)]
pub struct CertificationMutation;

/// Mutations of certifications.
#[Object]
impl CertificationMutation {
    /// Creates a certification and publishes it. If another issuer has one whose name is or looks the same, it stays a DRAFT
    /// until that issuer or staff publish it; see publishCertification. Allowed for editors and owners of its issuer, its own
    /// systems and staff.
    async fn create_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider that issues it.")] issuer: ID,
        #[graphql(desc = "The certification, whole.")] input: Raw<CertificationInput>,
        #[graphql(default, desc = "Whether everything is checked and nothing written.")] validate_only: bool,
    ) -> Option<Result<CertificationPayload>> {
        let create = async {
            let issuer = row_to_write(NodeKind::Provider, "provider", "issuer", &issuer)?;
            let writer = ctx.writer(validate_only);
            service::create(ctx.primary(), &writer, ctx.caller(), issuer, &input.fields).await
        };
        Some(payload(ctx, create.await).await)
    }

    /// Changes a certification. With a new name that another issuer has it becomes a DRAFT, as createCertification says.
    /// Allowed for editors and owners of its issuer, its own systems and staff.
    async fn update_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certification.")] id: ID,
        #[graphql(
            desc = "The version that was read. Where it is another one by now, the answer is the user error STALE \
                    and the certification as it is."
        )]
        expected_version: i32,
        #[graphql(desc = "What is to be changed.")] input: Raw<CertificationPatch>,
        #[graphql(default, desc = "Whether everything is checked and nothing written.")] validate_only: bool,
    ) -> Option<Result<CertificationPayload>> {
        let change = async {
            let id = row_to_write(NodeKind::Certification, "certification", "id", &id)?;
            let patch = Patch { id, expected: expected_version, fields: &input.fields };
            service::update(ctx.primary(), &ctx.writer(validate_only), ctx.caller(), patch).await
        };
        Some(payload(ctx, change.await).await)
    }

    /// Publishes a certification that is a draft or retired. A draft whose name another issuer has is published by an owner
    /// of that issuer or by staff: for members of its own issuer that is the user error NOT_ALLOWED. Otherwise allowed for
    /// editors and owners of its issuer, its own systems and staff.
    async fn publish_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID of the certification.")] id: ID,
        #[graphql(desc = "Version that was read. Another version now is the user error STALE.")] expected_version: i32,
    ) -> Option<Result<CertificationPayload>> {
        let turn = (ListingStatus::Published, "publishCertification", None);
        Some(change(ctx, &id, expected_version, turn).await)
    }

    /// Retires a published certification: from then on it is found by slug or ID and nowhere else. Allowed for editors and
    /// owners of its issuer, its own systems and staff.
    async fn retire_certification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID of the certification.")] id: ID,
        #[graphql(desc = "Version that was read. Another version now is the user error STALE.")] expected_version: i32,
        #[graphql(desc = "Why, at most 2,000 characters; members and staff read it in the history.")] reason: Option<
            String,
        >,
    ) -> Option<Result<CertificationPayload>> {
        let turn = (ListingStatus::Retired, "retireCertification", reason.as_deref());
        Some(change(ctx, &id, expected_version, turn).await)
    }
}

async fn change(
    ctx: &Context<'_>,
    id: &ID,
    expected: i32,
    (status, mutation, reason): (ListingStatus, &'static str, Option<&str>),
) -> Result<CertificationPayload> {
    let id = row_to_write(NodeKind::Certification, "certification", "id", id)?;
    let transition = Transition { id, expected, status, mutation, reason };
    let saved = transition::change(ctx.primary(), &ctx.writer(false), ctx.caller(), transition).await;
    payload(ctx, saved).await
}

async fn payload(
    ctx: &Context<'_>,
    saved: Result<Saved<Arc<dictionary::Certification>>>,
) -> Result<CertificationPayload> {
    let saved = saved?;
    ctx.written(saved.position).await;
    let user_errors = UserError::whole(saved.faults);
    Ok(CertificationPayload { certification: saved.now.map(Certification), user_errors })
}
