//! What becomes of a provider when somebody writes to it, and who may. What must not go in: how it is asked for and
//! answered.

mod decide;
mod register;
mod rename;
mod update;

use std::sync::Arc;

use entity::{ListingType, ProviderStatus, provider};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QuerySelect};

pub use self::decide::{Decision, decide};
pub use self::register::register;
pub use self::rename::{NameDecision, decide_name};
pub use self::update::{Patch, update};
use crate::auth::{Caller, as_of_now, permit_on, signed_in};
use crate::changelog::Entry;
use crate::dictionary::{self, Provider};
use crate::error::{AppError, Result};
use crate::write::{Saved, Writer, replace};

/// What has become of a write to a provider.
pub type Written = Result<Saved<Arc<Provider>>>;

/// The provider that a mutation is about, if the caller may use it there. Its row stays locked, so that neither its
/// status nor who its members are changes before the commit.
pub async fn held(tx: &DatabaseTransaction, caller: &Caller, mutation: &str, id: i64) -> Result<provider::Model> {
    held_for(tx, caller, mutation, ("provider", id), is_public).await
}

/// The same for something that belongs to a provider: `what` is what the caller is told that there is none of, where they
/// may not see it.
pub async fn held_for(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: &str,
    (what, provider): (&'static str, i64),
    is_public: fn(&provider::Model) -> bool,
) -> Result<provider::Model> {
    signed_in(caller)?;
    let row = hold(tx, provider).await?.ok_or(AppError::NotFound(what))?;
    let caller = as_of_now(tx, caller, provider).await?;
    permit_on(&caller, mutation, (what, provider), is_public(&row))?;
    Ok(row)
}

/// The same for a mutation with a rule of its own: the provider, if the caller may see it, and the caller as of now.
pub async fn locked(tx: &DatabaseTransaction, caller: &Caller, id: i64) -> Result<(provider::Model, Caller)> {
    signed_in(caller)?;
    let row = hold(tx, id).await?;
    let caller = as_of_now(tx, caller, id).await?;
    let seen = row.filter(|row| is_public(row) || caller.sees_inside(id));
    seen.map(|row| (row, caller)).ok_or(AppError::NotFound("provider"))
}

/// The statuses of a provider that everyone finds by ID and slug.
pub const PUBLIC: [ProviderStatus; 3] = [ProviderStatus::Active, ProviderStatus::Paused, ProviderStatus::Closed];

/// Whether everyone finds a provider by id and slug.
pub fn is_public(row: &provider::Model) -> bool {
    dictionary::is_public(row.status)
}

/// The row of a provider, locked until the commit.
pub async fn hold(tx: &DatabaseTransaction, id: i64) -> Result<Option<provider::Model>> {
    Ok(provider::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// Puts a row in the place of the one that was read. The version stands in the statement too: a writer that held no
/// lock could overwrite nothing either.
async fn put_over(tx: &DatabaseTransaction, before: &provider::Model, row: provider::Model) -> Result<()> {
    let condition = Condition::all().add(provider::Column::Version.eq(before.version));
    if replace::<provider::Entity>(tx, row, condition).await? {
        return Ok(());
    }
    Err(AppError::Conflict("the provider has changed since it was read".to_owned()))
}

/// What the log says of a write that the public sees nothing of.
pub fn entry(writer: &Writer, action: &'static str, row: &provider::Model) -> Entry {
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
