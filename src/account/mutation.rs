//! Signing up, in and out.

use async_graphql::{Context, Object};

use super::inputs::{SignInInput, SignUpInput};
use super::service::Accounts;
use super::types::{SessionPayload, SignOutPayload};
use crate::auth::permit;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;

/// Mutations on accounts.
#[derive(Default)]
pub struct AccountMutation;

/// Mutations on accounts.
#[Object]
impl AccountMutation {
    /// Makes an account and signs in to it.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: Raw<SignUpInput>,
    ) -> Option<Result<SessionPayload>> {
        let sign_up = async {
            let accounts = allowed(ctx, "signUp")?;
            Ok(SessionPayload::of("input", accounts.sign_up(&input.fields, ctx.request().client).await?))
        };
        Some(sign_up.await)
    }

    /// Signs in with address and password. Whether the address or the password is wrong is not said.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> Option<Result<SessionPayload>> {
        let sign_in = async {
            let accounts = allowed(ctx, "signIn")?;
            let outcome = accounts.sign_in(&input.email, &input.password, ctx.request().client).await?;
            Ok(SessionPayload::of("input", outcome))
        };
        Some(sign_in.await)
    }

    /// Gives a new access token and a new refresh token for a refresh token, which is used up. One that is sent a second
    /// time ends the whole session, whoever holds its newest tokens: one of the two who sent it has stolen it.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The newest refresh token of the session.")] refresh_token: String,
    ) -> Option<Result<SessionPayload>> {
        let refresh = async {
            let accounts = allowed(ctx, "refreshSession")?;
            Ok(SessionPayload::of("refreshToken", accounts.refresh(&refresh_token).await?))
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
            Ok(SignOutPayload { user_errors: Vec::<UserError>::new() })
        };
        Some(sign_out.await)
    }
}

/// The accounts, where the caller may use this mutation.
fn allowed<'a>(ctx: &'a Context<'_>, mutation: &str) -> Result<&'a Accounts> {
    permit(ctx.caller(), mutation, None)?;
    Ok(ctx.data_unchecked::<Accounts>())
}
