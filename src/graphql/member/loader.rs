//! Loads members, invitations and service tokens, with one statement for all providers or accounts of a request.
//! Visibility is checked here too, so that no caller can forget it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{account, invitation, membership, service_token};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::types::{Invitation, Membership, ServiceToken};
use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Rows};

/// Maximum number of service tokens shown per provider: the newest, live or not.
const MAX_TOKENS: usize = 100;

/// Provider or account whose memberships to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum MembershipsOf {
    Provider(i64),
    Account(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct InvitationsOf(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TokensOf(i64);

/// Returns the members of a provider, or `None` if the caller may not see inside it.
pub async fn members(ctx: &Context<'_>, provider: i64) -> Result<Option<Vec<Membership>>> {
    inside(ctx, provider, MembershipsOf::Provider(provider)).await
}

/// Returns the memberships of an account. Anyone who may see the account may see them.
pub async fn memberships(ctx: &Context<'_>, account: i64) -> Result<Vec<Membership>> {
    Ok(ctx.load(MembershipsOf::Account(account)).await?.unwrap_or_default())
}

/// Returns the open invitations of a provider, or `None` if the caller may not see inside it.
pub async fn invitations(ctx: &Context<'_>, provider: i64) -> Result<Option<Vec<Invitation>>> {
    let now = ctx.request().now;
    let found = inside(ctx, provider, InvitationsOf(provider)).await?;
    Ok(found.map(|rows| rows.into_iter().filter(|row| row.0.expires_at > now).collect()))
}

/// Returns the newest service tokens of a provider, or `None` if the caller may not see inside it.
pub async fn service_tokens(ctx: &Context<'_>, provider: i64) -> Result<Option<Vec<ServiceToken>>> {
    let found = inside(ctx, provider, TokensOf(provider)).await?;
    Ok(found.map(|rows| rows.into_iter().take(MAX_TOKENS).collect()))
}

/// Returns an invitation, open or not, if the caller may see inside its provider.
pub async fn invitation(ctx: &Context<'_>, id: i64) -> Result<Option<Invitation>> {
    let found = ctx.load_row::<invitation::Entity>(id).await?;
    Ok(found.filter(|row| ctx.caller().can_see_private(row.provider_id)).map(Invitation))
}

/// Returns a service token if the caller may see inside its provider.
pub async fn service_token(ctx: &Context<'_>, id: i64) -> Result<Option<ServiceToken>> {
    let found = ctx.load_row::<service_token::Entity>(id).await?;
    Ok(found.filter(|row| ctx.caller().can_see_private(row.provider_id)).map(ServiceToken))
}

async fn inside<K, T>(ctx: &Context<'_>, provider: i64, key: K) -> Result<Option<Vec<T>>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Rows: Loader<K, Value = Vec<T>, Error = AppError>,
{
    if !ctx.caller().can_see_private(provider) {
        return Ok(None);
    }
    Ok(Some(ctx.load(key).await?.unwrap_or_default()))
}

#[async_graphql::async_trait::async_trait]
impl Loader<MembershipsOf> for Rows {
    type Value = Vec<Membership>;
    type Error = AppError;

    async fn load(&self, keys: &[MembershipsOf]) -> Result<HashMap<MembershipsOf, Vec<Membership>>> {
        use membership::Column;
        let (mut providers, mut accounts) = (Vec::new(), Vec::new());
        for key in keys {
            match key {
                MembershipsOf::Provider(id) => providers.push(*id),
                MembershipsOf::Account(id) => accounts.push(*id),
            }
        }
        let any = Condition::any()
            .add(in_ids(&self.0, (membership::Entity, Column::ProviderId), providers))
            .add(in_ids(&self.0, (membership::Entity, Column::AccountId), accounts));
        let rows = membership::Entity::find().filter(any).order_by_asc(Column::CreatedAt).all(&self.0).await?;
        let names = self.select(account::Column::Id, rows.iter().map(|row| row.account_id)).all(&self.0).await?;
        let names: HashMap<i64, String> = names.into_iter().map(|row| (row.id, row.display_name)).collect();
        let named = rows.into_iter().filter_map(|row| {
            let display_name = names.get(&row.account_id)?.clone();
            Some(Membership { row, display_name })
        });
        let both = |member: Membership| {
            let of = [MembershipsOf::Provider(member.row.provider_id), MembershipsOf::Account(member.row.account_id)];
            of.into_iter().filter(|key| keys.contains(key)).map(move |key| (key, member.clone())).collect::<Vec<_>>()
        };
        Ok(grouped(named.flat_map(both)))
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<InvitationsOf> for Rows {
    type Value = Vec<Invitation>;
    type Error = AppError;

    async fn load(&self, keys: &[InvitationsOf]) -> Result<HashMap<InvitationsOf, Vec<Invitation>>> {
        use invitation::Column;
        let rows = self.select(Column::ProviderId, keys.iter().map(|key| key.0)).filter(Column::ClosedAt.is_null());
        let rows = rows.order_by_asc(Column::Id).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (InvitationsOf(row.provider_id), Invitation(Arc::new(row))))))
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<TokensOf> for Rows {
    type Value = Vec<ServiceToken>;
    type Error = AppError;

    async fn load(&self, keys: &[TokensOf]) -> Result<HashMap<TokensOf, Vec<ServiceToken>>> {
        use service_token::Column;
        let rows = self.select(Column::ProviderId, keys.iter().map(|key| key.0));
        let rows = rows.order_by_desc(Column::Id).all(&self.0).await?;
        Ok(grouped(rows.into_iter().map(|row| (TokensOf(row.provider_id), ServiceToken(Arc::new(row))))))
    }
}
