//! Accounts: the type, its queries and mutations.

mod mutation;
mod types;

use std::sync::Arc;

use async_graphql::{Context, Object};
use catalog::account::service::Accounts;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;

pub use mutation::AccountMutation;
pub use types::Account;

/// Queries for the caller's account.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Returns the caller's account. Null without an access token and for service tokens.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Account>> {
        let account = ctx.caller().account()?;
        let found = ctx.data_unchecked::<Accounts>().find(account).await.map_err(Into::into).transpose()?;
        Some(found.map(|row| Account(Arc::new(row))))
    }

    /// Returns everything stored about the caller's account as JSON: profile, sessions, linked identities, memberships,
    /// invitations, and reviews with votes, reports and enrolment checks. At most 10,000 items of each kind. Null if
    /// the caller has no account.
    async fn export_account(&self, ctx: &Context<'_>) -> Option<Result<serde_json::Value>> {
        let account = ctx.caller().account()?;
        Some(ctx.data_unchecked::<Accounts>().export(account).await.map_err(Into::into))
    }
}
