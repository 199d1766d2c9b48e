//! Accounts and sessions as the API shows them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::account;

use super::loader::AccountId;
use super::service::Session;
use crate::error::Result;
use crate::form::Fault;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::payload::UserError;
use crate::graphql::scalars::DateTime;
use crate::member::{self, Membership};
use crate::paging::page::PageArguments;
use crate::review::{self, Review};

/// A person who can sign in. Only they themselves and staff see it.
#[derive(Clone)]
pub struct Account(pub account::Model);

/// A person who can sign in. Only they themselves and staff see it.
#[Object]
impl Account {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Account, self.0.id)
    }

    /// The address that they sign in with, in lower case.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether they have shown that the address is theirs, by a link that was sent to it.
    async fn email_verified(&self) -> bool {
        self.0.email_verified_at.is_some()
    }

    /// The name that others see.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Whether they belong to the staff of the catalogue.
    async fn staff(&self) -> bool {
        self.0.staff
    }

    /// The providers that they act for.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Vec<Membership>> {
        member::memberships(ctx, self.0.id).await
    }

    /// The reviews that they have written, published or not, the newest first. One of a course that is withdrawn is left out
    /// until that comes back.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Review>> {
        review::of_account(ctx, self.0.id, PageArguments::forward(first, after)).await
    }
}

impl Account {
    /// An account, where the caller may see it.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let caller = ctx.caller();
        if caller.account() != Some(id) && !caller.is_staff() {
            return Ok(None);
        }
        ctx.load(AccountId(id)).await
    }

    /// Whether this is the address of an account, and verified.
    pub async fn has_verified(ctx: &Context<'_>, id: i64, email: &str) -> Result<bool> {
        let account = ctx.load(AccountId(id)).await?;
        Ok(account.is_some_and(|account| account.0.email == email && account.0.email_verified_at.is_some()))
    }

    /// The display name of an account, which everyone may see beside what it has written; `None` once it is gone.
    pub async fn name_of(ctx: &Context<'_>, id: i64) -> Result<Option<String>> {
        Ok(ctx.load(AccountId(id)).await?.map(|account| account.0.display_name))
    }
}

/// A session that has begun or goes on. Its secrets are shown here and never again.
#[derive(Default, SimpleObject)]
pub struct SessionPayload {
    /// Who has signed in; null where there are user errors.
    account: Option<Account>,
    /// What to send as Authorization: Bearer TOKEN; null where there are user errors.
    access_token: Option<String>,
    /// Until when the access token is good, a quarter of an hour from now; null where there are user errors.
    expires_at: Option<DateTime>,
    /// What refreshSession takes for the next access token; null where there are user errors.
    refresh_token: Option<String>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    /// What came of it.
    pub(super) fn of(outcome: Result<Session, Vec<UserError>>) -> Self {
        match outcome {
            Ok(session) => Self {
                account: Some(Account(session.account)),
                access_token: Some(session.access.token),
                expires_at: Some(DateTime(session.access.expires_at)),
                refresh_token: Some(session.refresh_token),
                user_errors: Vec::new(),
            },
            Err(user_errors) => Self { user_errors, ..Self::default() },
        }
    }
}

/// What signOut answers.
#[derive(Default, SimpleObject)]
pub struct SignOutPayload {
    /// Always empty: whoever has no session is signed out already.
    user_errors: Vec<UserError>,
}

/// What mutations on one's account answer that have nothing to show.
#[derive(Default, SimpleObject)]
pub struct DonePayload {
    /// What is wrong; where there is anything, nothing was written.
    user_errors: Vec<UserError>,
}

impl DonePayload {
    /// What came of it. The paths of faults begin with the argument.
    pub(super) fn of<T>(outcome: Result<T, Vec<Fault>>) -> Self {
        Self { user_errors: outcome.err().map(UserError::whole).unwrap_or_default() }
    }
}

impl crate::graphql::loaders::CountRows for Account {}
