//! Accounts and sessions as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use catalog::account::service::Session;
use catalog::input::ValidationError;
use entity::account;
use search::paging::page::PageArguments;

use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::member;
use crate::graphql::member::Membership;
use crate::graphql::payload::UserError;
use crate::graphql::review;
use crate::graphql::review::Review;
use crate::graphql::scalars::DateTime;

/// Account of a person who can sign in. Visible to that person and staff only.
#[derive(Clone, Description)]
pub struct Account(pub Arc<account::Model>);

#[Object(use_type_description)]
impl Account {
    /// Global ID of the account.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Account, self.0.id)
    }

    /// Email address to sign in with, in lower case.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether the email address is known to belong to the person, e.g. because they opened a link that was sent to it.
    async fn email_verified(&self) -> bool {
        self.0.email_verified_at.is_some()
    }

    /// Name that others see.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether the account belongs to staff of the catalogue.
    async fn staff(&self) -> bool {
        self.0.staff
    }

    /// Memberships of the account in providers.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        Ok(member::memberships(ctx, self.0.id).await?)
    }

    /// Reviews written by the account, published or not, newest first. Reviews of a course that is withdrawn are left
    /// out until the course is public again, except for staff.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Review>> {
        Ok(review::of_account(ctx, self.0.id, PageArguments::forward(first, after)).await?.into())
    }
}

impl Account {
    /// Returns an account if the caller may see it.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let caller = ctx.caller();
        if caller.account() != Some(id) && !caller.is_staff() {
            return Ok(None);
        }
        Ok(ctx.load_row::<account::Entity>(id).await?.map(Account))
    }

    /// Whether an account has this address and has verified it.
    pub async fn has_verified(ctx: &Context<'_>, id: i64, email: &str) -> Result<bool> {
        let account = ctx.load_row::<account::Entity>(id).await?;
        Ok(account.is_some_and(|account| account.email == email && account.email_verified_at.is_some()))
    }

    /// Returns the display name of an account, which everyone may see next to what it has written. `None` if the
    /// account was deleted.
    pub async fn name_of(ctx: &Context<'_>, id: i64) -> Result<Option<String>> {
        Ok(ctx.load_row::<account::Entity>(id).await?.map(|account| account.display_name.clone()))
    }
}

/// Session that was opened or continued. Its tokens are shown here and never again.
#[derive(Default, SimpleObject)]
pub struct SessionPayload {
    /// Account that is signed in. Null if there are user errors.
    account: Option<Account>,
    /// Access token, to send as `Authorization: Bearer TOKEN`. Null if there are user errors.
    access_token: Option<String>,
    /// Time when the access token expires, 15 minutes after it was issued. Null if there are user errors.
    expires_at: Option<DateTime>,
    /// Refresh token, for `refreshSession`. Null if there are user errors.
    refresh_token: Option<String>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    /// Converts the outcome of a service.
    pub(super) fn of(outcome: Result<Session, Vec<UserError>>) -> Self {
        match outcome {
            Ok(session) => Self {
                account: Some(Account(Arc::new(session.account))),
                access_token: Some(session.access.token),
                expires_at: Some(DateTime(session.access.expires_at)),
                refresh_token: Some(session.refresh_token),
                user_errors: Vec::new(),
            },
            Err(user_errors) => Self { user_errors, ..Self::default() },
        }
    }
}

/// Result of `signOut`.
#[derive(Default, SimpleObject)]
pub struct SignOutPayload {
    /// Always empty: a caller without a session is signed out already.
    user_errors: Vec<UserError>,
}

/// Result of an account mutation that returns no data.
#[derive(Default, SimpleObject)]
pub struct DonePayload {
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

impl DonePayload {
    /// Converts the outcome of a service. The paths of its errors begin with the argument.
    pub(super) fn of<T>(outcome: Result<T, Vec<ValidationError>>) -> Self {
        Self { user_errors: outcome.err().map(UserError::whole).unwrap_or_default() }
    }
}
