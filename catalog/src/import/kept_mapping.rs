//! The mapping that a provider keeps for its feeds. It is a setting: nothing is derived from it, so it is not in the
//! change log.

use chrono::{DateTime, Utc};
use entity::provider_mapping;
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait};

use super::mapping::Mapping;
use crate::auth::{Caller, Mutation};
use crate::error::{AppError, Result};
use crate::provider::service::authorize_and_lock_provider;
use crate::write::{in_transaction, save};

/// Maximum size of a mapping that is kept, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// The text of a provider's mapping.
pub async fn find(db: &impl ConnectionTrait, provider: i64) -> Result<Option<String>> {
    let row = provider_mapping::Entity::find_by_id(provider).one(db).await?;
    Ok(row.map(|row| row.content))
}

/// A provider's mapping. Fails if it keeps none.
pub async fn load(db: &impl ConnectionTrait, provider: i64) -> Result<Mapping> {
    let text = find(db, provider).await?.ok_or(AppError::NotFound("mapping"))?;
    Mapping::parse(&text)
}

/// Returns the text of the mapping, if the caller may send feeds of the provider.
pub async fn show(db: &DatabaseConnection, caller: &Caller, provider: i64) -> Result<String> {
    let found = in_transaction(db, async |transaction| {
        authorize_and_lock_provider(&transaction, caller, Mutation::ImportCourses, provider).await?;
        find(&*transaction, provider).await
    });
    found.await?.ok_or(AppError::NotFound("mapping"))
}

/// Keeps a mapping, which must be free of faults, instead of the one that there is.
pub async fn keep(
    db: &DatabaseConnection,
    caller: &Caller,
    provider: i64,
    content: String,
    now: DateTime<Utc>,
) -> Result<()> {
    in_transaction(db, async |transaction| {
        authorize_and_lock_provider(&transaction, caller, Mutation::ImportCourses, provider).await?;
        let row = provider_mapping::Model { provider_id: provider, content: content.clone(), updated_at: now };
        save::<provider_mapping::Entity>(&*transaction, vec![row]).await
    })
    .await
}

/// Deletes the mapping. Fails if there is none.
pub async fn delete(db: &DatabaseConnection, caller: &Caller, provider: i64) -> Result<()> {
    in_transaction(db, async |transaction| {
        authorize_and_lock_provider(&transaction, caller, Mutation::ImportCourses, provider).await?;
        let deleted = provider_mapping::Entity::delete_by_id(provider).exec(&*transaction).await?;
        if deleted.rows_affected == 0 { Err(AppError::NotFound("mapping")) } else { Ok(()) }
    })
    .await
}
