//! Mutations on accounts: signing up, in and out, passwords, email addresses, and deletion.

use async_graphql::{Context, InputObject, Object};
use catalog::account::service::Accounts;
use catalog::auth::{Caller, Mutation, permit};
use catalog::error::AppError;
use chrono::{DateTime, Utc};

use super::types::{DonePayload, SessionPayload, SignOutPayload};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Data of a new account.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Email address to sign in with, at most 254 characters. Case is ignored.
    pub email: String,
    /// Password, 12 to 128 characters of any kind.
    pub password: String,
    /// Name that others see, at most 200 characters.
    pub display_name: String,
}

/// Credentials to sign in with.
#[derive(InputObject)]
pub struct SignInInput {
    /// Email address of the account.
    pub email: String,
    /// Password of the account.
    pub password: String,
}

/// Mutations on accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Creates an account and signs in. Sends an email with a link that verifies the address. Returns the user error
    /// TAKEN if the address already has an account. Fails with RATE_LIMITED if a client creates too many accounts.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Data of the new account.")] input: UntypedInput<SignUpInput>,
    ) -> Option<Result<SessionPayload>> {
        let sign_up = async {
            let outcome = authorize(ctx, Mutation::SignUp)?.sign_up(&input.fields, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(|errors| UserError::all("input", errors))))
        };
        Some(sign_up.await)
    }

    /// Signs in with email address and password. The user error WRONG_CREDENTIALS does not tell which of them is wrong.
    /// Attempts are limited: if there are too many, fails with RATE_LIMITED and the seconds to wait in
    /// `extensions.retryAfter`.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Credentials to sign in with.")] input: SignInInput,
    ) -> Option<Result<SessionPayload>> {
        let sign_in = async {
            let accounts = authorize(ctx, Mutation::SignIn)?;
            let outcome = accounts.sign_in(&input.email, &input.password, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(|errors| UserError::all("input", errors))))
        };
        Some(sign_in.await)
    }

    /// Exchanges a refresh token for a new access token and a new refresh token. A refresh token can be used again
    /// within 30 seconds of its first use, as by two browser tabs, and returns tokens of the same session each time.
    /// Later use counts as theft and ends the whole session, including its newest tokens. Returns the user error
    /// EXPIRED if the token is not valid.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Newest refresh token of the session.")] refresh_token: String,
    ) -> Option<Result<SessionPayload>> {
        let refresh = async {
            let outcome = authorize(ctx, Mutation::RefreshSession)?.refresh(&refresh_token).await?;
            Ok(SessionPayload::of(outcome.map_err(|errors| UserError::all("refreshToken", errors))))
        };
        Some(refresh.await)
    }

    /// Signs out: ends a session and invalidates all its tokens.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Any refresh token of the session.")] refresh_token: String,
    ) -> Option<Result<SignOutPayload>> {
        let sign_out = async {
            authorize(ctx, Mutation::SignOut)?.sign_out(&refresh_token).await?;
            Ok(SignOutPayload::default())
        };
        Some(sign_out.await)
    }

    /// Changes the password of the caller. Ends all sessions, including the current one, and returns a new one. Returns
    /// the user error WRONG_CREDENTIALS if the current password is wrong.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Current password.")] current_password: String,
        #[graphql(desc = "New password, 12 to 128 characters of any kind.")] new_password: String,
    ) -> Option<Result<SessionPayload>> {
        let change = async {
            let (accounts, id) = (authorize(ctx, Mutation::ChangePassword)?, account_id(ctx)?);
            let passwords = (current_password.as_str(), new_password.as_str());
            let outcome = accounts.change_password(id, passwords, ctx.request().client).await?;
            Ok(SessionPayload::of(outcome.map_err(UserError::whole)))
        };
        Some(change.await)
    }

    /// Sends an email with a link to the page `reset-password`, which is valid for an hour. The response is the same if
    /// the address has no account.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Email address of the account.")] email: String,
    ) -> Option<Result<DonePayload>> {
        let request = async {
            let accounts = authorize(ctx, Mutation::RequestPasswordReset)?;
            Ok(DonePayload::of(accounts.request_reset(&email, ctx.request().client).await?))
        };
        Some(request.await)
    }

    /// Sets a new password with the token from an email, and verifies the address the email was sent to. Ends all
    /// sessions of the account; sign in again afterwards. Returns the user error EXPIRED if the token is not valid.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token from the link.")] token: String,
        #[graphql(desc = "New password, 12 to 128 characters of any kind.")] password: String,
    ) -> Option<Result<DonePayload>> {
        let reset = async {
            Ok(DonePayload::of(authorize(ctx, Mutation::ResetPassword)?.reset_password(&token, &password).await?))
        };
        Some(reset.await)
    }

    /// Sends the email that verifies the caller's address again, unless the address is verified. It contains a link to
    /// the page `verify-email`, which is valid for a day.
    async fn request_email_verification(&self, ctx: &Context<'_>) -> Option<Result<DonePayload>> {
        let request = async {
            authorize(ctx, Mutation::RequestEmailVerification)?
                .request_verification(account_id(ctx)?, ctx.request().client)
                .await?;
            Ok(DonePayload::default())
        };
        Some(request.await)
    }

    /// Verifies an email address with the token from the link that was sent to it. Returns the user error EXPIRED if
    /// the token is not valid.
    async fn verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token from the link.")] token: String,
    ) -> Option<Result<DonePayload>> {
        let verify = async { Ok(DonePayload::of(authorize(ctx, Mutation::VerifyEmail)?.verify_email(&token).await?)) };
        Some(verify.await)
    }

    /// Deletes the caller's account, with its sessions, memberships and votes. What it has written stays, without a
    /// name. Revokes the service tokens it has created. Returns the user error WRONG_CREDENTIALS if the password is
    /// wrong, and NOT_ALLOWED if the caller is the only owner of an ACTIVE or PAUSED provider: make somebody else an
    /// owner first.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Password of the account. Null only if the account has no password.")] password: Option<
            String,
        >,
    ) -> Option<Result<DonePayload>> {
        let delete = async {
            let (accounts, id) = (authorize(ctx, Mutation::DeleteAccount)?, account_id(ctx)?);
            let outcome =
                accounts.delete((id, token_issued_at(ctx)), password.as_deref(), ctx.request().client).await?;
            ctx.wait_until_served(outcome.as_ref().ok().copied().flatten()).await;
            Ok(DonePayload::of(outcome))
        };
        Some(delete.await)
    }
}

/// Returns the accounts if the caller may use this mutation.
fn authorize<'a>(ctx: &'a Context<'_>, mutation: Mutation) -> Result<&'a Accounts> {
    permit(ctx.caller(), mutation, None)?;
    Ok(ctx.data_unchecked::<Accounts>())
}

/// Returns the ID of the caller's account.
fn account_id(ctx: &Context<'_>) -> Result<i64> {
    ctx.caller().account().ok_or(AppError::Unauthenticated.into())
}

fn token_issued_at(ctx: &Context<'_>) -> Option<DateTime<Utc>> {
    match ctx.caller() {
        Caller::Person(person) => person.token_issued_at,
        Caller::Anonymous | Caller::System(_) => None,
    }
}
