//! Accounts as queries.

use async_graphql::{Context, Object};

use super::service::Accounts;
use super::types::Account;
use crate::error::Result;
use crate::graphql::context::InRequest;

/// Queries for the caller's account.
#[derive(Default)]
pub struct AccountQuery;

/// Queries for the caller's account.
#[Object]
impl AccountQuery {
    /// Who asks; null without an access token, and for the systems of providers.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Account>> {
        let account = ctx.caller().account()?;
        ctx.data_unchecked::<Accounts>().find(account).await.map(|row| row.map(Account)).transpose()
    }

    /// Everything that is kept of the caller's account: themselves, their sessions, memberships,
    /// invitations, and what they have said of courses. Null for
    /// those who have no account.
    async fn export_account(&self, ctx: &Context<'_>) -> Option<Result<serde_json::Value>> {
        let account = ctx.caller().account()?;
        Some(ctx.data_unchecked::<Accounts>().export(account).await)
    }
}
