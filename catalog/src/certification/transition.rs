//! Publishing and retiring certifications. Independent of GraphQL and HTTP.

use std::sync::Arc;

use entity::{ChangeKind, ListingStatus, MemberRole, ProviderStatus, certification, provider};
use sea_orm::{ActiveEnum, DatabaseConnection, DatabaseTransaction, EntityTrait};
use serde_json::{Value, json};

use super::service::{CertificationResult, entry};
use crate::auth::{Caller, Mutation, permit, refresh_caller, require_sign_in};
use crate::changelog::Action;
use crate::changelog::fields::Difference;
use crate::dictionary::{self, Certification};
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::namesakes;
use crate::provider::service::{is_public, lock_provider};
use crate::write::{MutationOutcome, Writer, as_writer, check_version, save_next};

const OBJECT_NAME: &str = "certification";

/// Status transition of a certification.
pub struct TransitionRequest<'a> {
    /// ID of the certification.
    pub id: i64,
    /// Version that the caller has read.
    pub expected: i32,
    /// New status.
    pub status: ListingStatus,
    /// Mutation that asks for it.
    pub mutation: Mutation,
    /// Reason, recorded in the history.
    pub reason: Option<&'a str>,
}

/// Publishes or retires a certification. Writes nothing if it already has the status.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn change(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    transition: TransitionRequest<'_>,
) -> CertificationResult {
    as_writer(db, writer, async |tx| change_in_transaction(&tx, writer, caller, &transition).await).await
}

async fn change_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    transition: &TransitionRequest<'_>,
) -> CertificationResult {
    require_sign_in(caller)?;
    let (issuer, before) = lock_certification(tx, transition.id).await?;
    let refusal = authorize(tx, caller, transition.mutation, &issuer, &before).await?;
    let current = dictionary::certification(tx, before.id).await?;
    let reason = transition.reason.map(|reason| prose(MAX_NOTE_CHARS)(&json!(reason))).transpose();
    let (reason, error) = match reason {
        Ok(reason) => (reason, None),
        Err(violation) => (None, Some(ValidationError::of("reason", violation.code, violation.text))),
    };
    let errors = check_version(transition.expected, before.version)
        .or(refusal)
        .or(check_was_published(transition, &before))
        .or(error);
    if errors.is_some() || before.status == transition.status {
        return Ok(failure(current, errors));
    }
    let (status, version) = (transition.status, before.version + 1);
    let row = certification::Model { status, version, updated_at: writer.now(), ..before.clone() };
    let (action, event) = match status {
        ListingStatus::Retired => (Action::CertificationRetire, ChangeKind::Retired),
        ListingStatus::Published | ListingStatus::Draft => (Action::CertificationPublish, ChangeKind::Published),
    };
    let mut difference = Difference::default();
    difference.record("status", json!(before.status.to_value()), json!(status.to_value()));
    difference.record("reason", Value::Null, json!(reason));
    let entry = entry(writer, action, &issuer, &row, Some(event), Some(difference.into()));
    save_next::<certification::Entity>(tx, vec![row]).await?;
    let current = dictionary::certification(tx, before.id).await?;
    Ok(MutationOutcome { current, errors: Vec::new(), position: writer.log(tx, vec![entry]).await? })
}

fn failure(current: Option<Arc<Certification>>, error: Option<ValidationError>) -> MutationOutcome<Arc<Certification>> {
    MutationOutcome { current, errors: error.into_iter().collect(), position: None }
}

/// Only what was published can be retired.
fn check_was_published(transition: &TransitionRequest<'_>, before: &certification::Model) -> Option<ValidationError> {
    let is_draft = before.status == ListingStatus::Draft && transition.status == ListingStatus::Retired;
    is_draft.then(|| {
        ValidationError::of("id", ValidationCode::NotAllowed, "is a draft: only what was published can be retired")
    })
}

/// Returns the certification and its issuer, whose row is locked.
async fn lock_certification(tx: &DatabaseTransaction, id: i64) -> Result<(provider::Model, certification::Model)> {
    let row = || certification::Entity::find_by_id(id).one(tx);
    let issuer = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?.issuer_id;
    let issuer = lock_provider(tx, issuer).await?.ok_or(AppError::NotFound(OBJECT_NAME))?;
    let row = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?;
    Ok((issuer, row))
}

/// Checks whether the caller may make the transition. Returns a user error if another issuer must agree first: a draft
/// whose name another issuer has can be published only by an owner of that issuer or by staff.
async fn authorize(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: Mutation,
    issuer: &provider::Model,
    before: &certification::Model,
) -> Result<Option<ValidationError>> {
    let own = refresh_caller(tx, caller, issuer.id).await?;
    let is_draft = before.status == ListingStatus::Draft;
    let others =
        if is_draft { namesakes::other_issuers(tx, issuer.id, &before.name).await? } else { Default::default() };
    let (mut sees, mut agrees) = (false, own.is_staff());
    for other in &others {
        let caller = refresh_caller(tx, caller, *other).await?;
        sees |= caller.can_see_private(*other);
        agrees |= caller.account().is_some() && caller.role(*other) == Some(MemberRole::Owner);
    }
    let is_seen = own.can_see_private(issuer.id) || sees || !is_draft && is_public(issuer);
    match &own {
        Caller::Anonymous => return Err(AppError::Unauthenticated),
        Caller::Person(_) | Caller::System(_) if !is_seen => return Err(AppError::NotFound(OBJECT_NAME)),
        Caller::Person(_) | Caller::System(_) => {}
    }
    if others.is_empty() || mutation != Mutation::PublishCertification {
        return permit(&own, mutation, Some(issuer.id)).map(|()| None);
    }
    if agrees {
        return Ok(None);
    }
    permit(&own, mutation, Some(issuer.id))?;
    let rule = "another issuer has a certification of this name: an owner of it or staff must publish this one";
    Ok(Some(ValidationError::of("id", ValidationCode::NotAllowed, rule)))
}

/// Whether the public sees changes to a certification with this status and issuer.
pub fn is_seen(issuer: &provider::Model, status: ListingStatus) -> bool {
    issuer.status == ProviderStatus::Active && status != ListingStatus::Draft
}
