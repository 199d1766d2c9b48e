//! Export and deletion of an account.

use chrono::{DateTime, Utc};
use entity::{MemberRole, ProviderStatus, account, identity, invitation, membership, provider, session};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveEnum, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::{Value, json};

use super::recovery::wrong_password;
use super::service::{Accounts, Client, ValidationResult, refused};
use crate::auth::{add_tombstones, revoke_tokens_made_by};
use crate::changelog::append;
use crate::database::in_ids;
use crate::error::{AppError, Result};
use crate::input::ValidationCode;
use crate::review::service as review;
use crate::review::service::exported;
use crate::secret::invalidate;
use crate::write::{in_transaction, rows};

impl Accounts {
    /// Returns everything stored about an account, except what is stored as a hash, which would be of no use to anyone.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn export(&self, id: i64) -> Result<Value> {
        let db = &self.primary;
        let account = self.find(id).await?.ok_or(AppError::Unauthenticated)?;
        let sessions = exported(db, session::Entity::find().filter(session::Column::AccountId.eq(id))).await?;
        let identities = exported(db, identity::Entity::find().filter(identity::Column::AccountId.eq(id))).await?;
        let memberships = exported(db, membership::Entity::find().filter(membership::Column::AccountId.eq(id))).await?;
        let providers = rows::<provider::Entity>(db, memberships.iter().map(|row| row.provider_id)).await?;
        let addressed = invitation::Entity::find().filter(invitation::Column::Email.eq(&account.email));
        let invitations = exported(db, addressed).await?;
        Ok(json!({
            "email": account.email,
            "emailVerifiedAt": account.email_verified_at,
            "displayName": account.display_name,
            "staff": account.staff,
            "hasPassword": account.password_hash.is_some(),
            "createdAt": account.created_at,
            "sessions": list(sessions, |row| json!({
                "createdAt": row.created_at, "expiresAt": row.expires_at, "endedAt": row.ended_at,
            })),
            "identities": list(identities, |row| json!({
                "issuer": row.issuer, "subject": row.subject, "createdAt": row.created_at,
            })),
            "memberships": list(memberships, |row| json!({
                "provider": providers.get(&row.provider_id).map(|provider| &provider.slug), "role": row.role.to_value(), "createdAt": row.created_at,
            })),
            "reviews": review::export(db, id).await?,
            "invitations": list(invitations, |row| json!({
                "role": row.role.to_value(), "createdAt": row.created_at, "expiresAt": row.expires_at,
                "closedAt": row.closed_at,
            })),
        }))
    }

    /// Deletes an account if the password is right, with its sessions, memberships and votes and the invitations to its
    /// address. What it has written stays, without a name. Refuses if an active or paused provider would be left
    /// without an owner. `token_issued_at` is the time when another identity provider issued the token of this request.
    /// Returns the position in the change log.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn delete(
        &self,
        (id, token_issued_at): (i64, Option<DateTime<Utc>>),
        password: Option<&str>,
        client: Client,
    ) -> Result<ValidationResult<Option<i64>>> {
        let Some(account) = self.confirm(id, password, client).await? else {
            return Ok(Err(vec![wrong_password("password")]));
        };
        in_transaction(&self.db, async |tx| {
            // A concurrent write in the name of this account either comes first or finds it gone.
            account::Entity::find_by_id(account.id).lock(LockType::Update).one(&*tx).await?;
            let orphaned_providers = orphaned_providers(&tx, account.id).await?;
            if !orphaned_providers.is_empty() {
                let rule = format!(
                    "is the only owner of {}: make somebody else an owner first",
                    orphaned_providers.join(", ")
                );
                return Ok(refused(ValidationCode::NotAllowed, rule));
            }
            let addressed = invitation::Entity::delete_many().filter(invitation::Column::Email.eq(&account.email));
            addressed.exec(&*tx).await?;
            close_invitations(&tx, account.id, self.clock.now()).await?;
            // The clock of another identity provider may be slightly ahead of ours.
            add_tombstones(&tx, account.id, self.clock.now().max(token_issued_at.unwrap_or_default())).await?;
            revoke_tokens_made_by(&*tx, account.id, self.clock.now()).await?;
            let entries = review::remove_traces(&tx, account.id).await?;
            account::Entity::delete_by_id(account.id).exec(&*tx).await?;
            let is_noted = !entries.is_empty();
            Ok(Ok(if is_noted { Some(append(&*tx, self.clock.now(), entries).await?) } else { None }))
        })
        .await
    }
}

fn list<T>(rows: Vec<T>, show: impl Fn(T) -> Value) -> Value {
    rows.into_iter().map(show).collect()
}

/// Closes the open invitations of the providers that an account owns: whoever leaves may know the tokens of theirs.
async fn close_invitations(tx: &DatabaseTransaction, account: i64, now: DateTime<Utc>) -> Result<()> {
    let owned = membership::Entity::find().filter(membership::Column::AccountId.eq(account));
    let owned = owned.filter(membership::Column::Role.eq(MemberRole::Owner));
    let owned = owned.select_only().column(membership::Column::ProviderId).into_query();
    let theirs = invitation::Column::ProviderId.in_subquery(owned);
    invalidate::<invitation::Entity>(tx, invitation::Column::ClosedAt, now, theirs).await?;
    Ok(())
}

/// Returns the slugs of the active and paused providers that have no other owner. Locks their rows first, as everyone
/// does who removes an owner: of two owners who leave at the same moment, one has to wait.
async fn orphaned_providers(tx: &DatabaseTransaction, account: i64) -> Result<Vec<String>> {
    use membership::Column;
    let owners = || membership::Entity::find().filter(Column::Role.eq(MemberRole::Owner));
    let owned: Vec<i64> =
        owners().filter(Column::AccountId.eq(account)).all(tx).await?.into_iter().map(|row| row.provider_id).collect();
    let locked = provider::Entity::find().filter(in_ids(tx, (provider::Entity, provider::Column::Id), owned.clone()));
    let locked = locked.order_by_asc(provider::Column::Id).lock(LockType::Update).all(tx).await?;
    let others = owners().filter(Column::AccountId.ne(account));
    let others = others.filter(in_ids(tx, (membership::Entity, Column::ProviderId), owned)).all(tx).await?;
    let has_other_owner = |row: &provider::Model| others.iter().any(|other| other.provider_id == row.id);
    let is_operating = |row: &provider::Model| matches!(row.status, ProviderStatus::Active | ProviderStatus::Paused);
    Ok(locked.into_iter().filter(|row| is_operating(row) && !has_other_owner(row)).map(|row| row.slug).collect())
}
