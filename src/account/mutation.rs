//! Mutations on accounts: signing up, in and out; passwords and addresses; leaving.

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};

use super::inputs::{SignInInput, SignUpInput};
use super::service::Accounts;
use super::types::{DonePayload, SessionPayload, SignOutPayload};
use crate::auth::{Caller, permit};
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;

/// Mutations on accounts.
#[derive(Default)]
pub struct AccountMutation;

/// Mutations on accounts.
#[Object]
impl AccountMutation {
    /// Makes an account and signs in to it. A letter with a link goes to its address, which verifies it.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: Raw<SignUpInput>,
    ) -> Option<Result<SessionPayload>> {
        let sign_up = async {
            let outcome = allowed(ctx, "signUp")?.sign_up(&input.fields, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(|faults| UserError::all("input", faults))))
        };
        Some(sign_up.await)
    }

    /// Signs in with address and password. Whether the address or the password is wrong is not said. Tries are limited:
    /// RATE_LIMITED says in extensions.retryAfter after how many seconds to come again.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> Option<Result<SessionPayload>> {
        let sign_in = async {
            let accounts = allowed(ctx, "signIn")?;
            let outcome = accounts.sign_in(&input.email, &input.password, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(|faults| UserError::all("input", faults))))
        };
        Some(sign_in.await)
    }

    /// Returns a new access token and a new refresh token for a refresh token. Within 30 seconds of its first use it may be
    /// sent again, as two tabs do, and gives tokens of the same session each time; sent later, it ends the whole session,
    /// whoever holds its newest tokens: somebody has stolen it.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The newest refresh token of the session.")] refresh_token: String,
    ) -> Option<Result<SessionPayload>> {
        let refresh = async {
            let outcome = allowed(ctx, "refreshSession")?.refresh(&refresh_token).await?;
            Ok(SessionPayload::of(outcome.map_err(|faults| UserError::all("refreshToken", faults))))
        };
        Some(refresh.await)
    }

    /// Ends a session: none of its tokens is good any more.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Any refresh token of the session.")] refresh_token: String,
    ) -> Option<Result<SignOutPayload>> {
        let sign_out = async {
            allowed(ctx, "signOut")?.sign_out(&refresh_token).await?;
            Ok(SignOutPayload::default())
        };
        Some(sign_out.await)
    }

    /// Changes one's own password. All sessions end, also the one in which this is sent; the answer holds a new one.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is.")] current_password: String,
        #[graphql(desc = "The new one, 12 to 128 characters of any kind.")] new_password: String,
    ) -> Option<Result<SessionPayload>> {
        let change = async {
            let (accounts, id) = (allowed(ctx, "changePassword")?, own(ctx)?);
            let passwords = (current_password.as_str(), new_password.as_str());
            let outcome = accounts.change_password(id, passwords, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(UserError::whole)))
        };
        Some(change.await)
    }

    /// Sends a letter with a link to the page reset-password, good for an hour. The answer is the same for an address
    /// that nobody has.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address of the account.")] email: String,
    ) -> Option<Result<DonePayload>> {
        let request = async {
            let accounts = allowed(ctx, "requestPasswordReset")?;
            Ok(DonePayload::of(accounts.request_reset(&email, ctx.request().client).await?))
        };
        Some(request.await)
    }

    /// Sets a new password. All sessions of the account end; sign in anew.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token from the link.")] token: String,
        #[graphql(desc = "The new password, 12 to 128 characters of any kind.")] password: String,
    ) -> Option<Result<DonePayload>> {
        let reset =
            async { Ok(DonePayload::of(allowed(ctx, "resetPassword")?.reset_password(&token, &password).await?)) };
        Some(reset.await)
    }

    /// Sends the letter that verifies one's own address once more, unless it is verified. Its link leads to the page
    /// verify-email and is good for a day.
    async fn request_email_verification(&self, ctx: &Context<'_>) -> Option<Result<DonePayload>> {
        let request = async {
            allowed(ctx, "requestEmailVerification")?.request_verification(own(ctx)?, ctx.request().client).await?;
            Ok(DonePayload::default())
        };
        Some(request.await)
    }

    /// Takes the address for verified that a link was sent to.
    async fn verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token from the link.")] token: String,
    ) -> Option<Result<DonePayload>> {
        let verify = async { Ok(DonePayload::of(allowed(ctx, "verifyEmail")?.verify_email(&token).await?)) };
        Some(verify.await)
    }

    /// Deletes one's own account, with its sessions, memberships and votes. What it has written stays, without a name. The
    /// only owner of a provider has to make somebody else an owner first.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password; null only for those who have none.")] password: Option<String>,
    ) -> Option<Result<DonePayload>> {
        let delete = async {
            let (accounts, id) = (allowed(ctx, "deleteAccount")?, own(ctx)?);
            let outcome =
                accounts.delete((id, token_issued_at(ctx)), password.as_deref(), ctx.request().client).await?;
            ctx.written(outcome.as_ref().ok().copied().flatten()).await;
            Ok(DonePayload::of(outcome))
        };
        Some(delete.await)
    }
}

/// The accounts, where the caller may use this mutation.
fn allowed<'a>(ctx: &'a Context<'_>, mutation: &str) -> Result<&'a Accounts> {
    permit(ctx.caller(), mutation, None)?;
    Ok(ctx.data_unchecked::<Accounts>())
}

/// The caller's own account.
fn own(ctx: &Context<'_>) -> Result<i64> {
    ctx.caller().account().ok_or(AppError::Unauthenticated)
}

fn token_issued_at(ctx: &Context<'_>) -> Option<DateTime<Utc>> {
    match ctx.caller() {
        Caller::Person(person) => person.token_issued_at,
        Caller::Anonymous | Caller::System(_) => None,
    }
}
