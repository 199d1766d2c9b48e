//! Writes to providers and who may make them. Independent of GraphQL and HTTP.

mod decide;
mod register;
mod rename;
mod update;

use std::sync::Arc;

use entity::{ListingType, ProviderStatus, provider};
use sea_orm::sea_query::LockType;
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

pub use self::decide::{ProviderDecision, decide};
pub use self::register::register;
pub use self::rename::{NameDecision, decide_name};
pub use self::update::{ProviderUpdate, update};
use crate::auth::{Caller, Mutation, permit_on, refresh_caller, require_sign_in};
use crate::changelog::{Action, Entry};
use crate::dictionary::{self, Provider};
use crate::error::{AppError, Result};
use crate::write::{MutationOutcome, Writer};

/// Result of a write to a provider.
pub type ProviderResult = Result<MutationOutcome<Arc<Provider>>>;

/// Authorizes a mutation on a provider and returns its row. The row stays locked until the commit, so that neither the
/// provider's status nor its members change before then.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn authorize_and_lock_provider(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: Mutation,
    id: i64,
) -> Result<provider::Model> {
    authorize_and_lock_owner(tx, caller, mutation, ("provider", id), is_public).await
}

/// Like [`authorize_and_lock_provider`], for something that belongs to a provider. `what` names the thing in the error
/// NOT_FOUND, which callers get if they may not see it.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn authorize_and_lock_owner(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: Mutation,
    (what, provider): (&'static str, i64),
    is_public: fn(&provider::Model) -> bool,
) -> Result<provider::Model> {
    require_sign_in(caller)?;
    let row = lock_provider(tx, provider).await?.ok_or(AppError::NotFound(what))?;
    let caller = refresh_caller(tx, caller, provider).await?;
    permit_on(&caller, mutation, (what, provider), is_public(&row))?;
    Ok(row)
}

/// Like [`authorize_and_lock_provider`], for a mutation with its own rule. Returns the provider, if the caller may see
/// it, and the caller with up-to-date rights.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn lock_visible_provider(
    tx: &DatabaseTransaction,
    caller: &Caller,
    id: i64,
) -> Result<(provider::Model, Caller)> {
    require_sign_in(caller)?;
    let row = lock_provider(tx, id).await?;
    let caller = refresh_caller(tx, caller, id).await?;
    let seen = row.filter(|row| is_public(row) || caller.can_see_private(id));
    seen.map(|row| (row, caller)).ok_or(AppError::NotFound("provider"))
}

/// Statuses of the providers that anyone can look up by ID or slug.
pub const PUBLIC: [ProviderStatus; 3] = [ProviderStatus::Active, ProviderStatus::Paused, ProviderStatus::Closed];

/// Whether anyone can look up this provider by ID or slug.
pub fn is_public(row: &provider::Model) -> bool {
    dictionary::is_public(row.status)
}

/// Returns the row of a provider, locked until the commit.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn lock_provider(tx: &DatabaseTransaction, id: i64) -> Result<Option<provider::Model>> {
    Ok(provider::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// Change log entry for a write that the public does not see.
pub fn entry(writer: &Writer, action: Action, row: &provider::Model) -> Entry {
    Entry {
        actor: writer.actor.clone(),
        action,
        listing_type: ListingType::Provider,
        listing_id: row.id,
        slug: row.slug.clone(),
        provider_id: Some(row.id),
        event: None,
        fields: None,
    }
}
