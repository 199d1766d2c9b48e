//! Mutations on members, invitations and service tokens.

use async_graphql::{Context, ID, InputObject, InputType, Object, SimpleObject};
use catalog::account::Accounts;
use catalog::error::AppError;
use catalog::member::service::{InvitationRequest, NewInvitation, NewSecret, TokenRequest};
use catalog::member::{emails, service};
use catalog::write::MutationOutcome;
use entity::membership;

use super::types::Membership;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::MemberRole;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::scalars::DateTime;
use crate::graphql::untyped_input::{DeferredScalar, UntypedInput};

/// Invitation that was created. Its token is shown here and never again.
#[derive(Default, SimpleObject)]
pub struct InvitationPayload {
    /// Global ID of the invitation. Null if there are user errors.
    id: Option<ID>,
    /// Token of the invitation, for `acceptInvitation`. Null if there are user errors.
    token: Option<String>,
    /// Time when the invitation expires. Null if there are user errors.
    expires_at: Option<DateTime>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Data of a new service token.
#[derive(InputObject)]
pub struct ServiceTokenInput {
    /// Global ID of the provider that the token acts for.
    pub provider: ID,
    /// Name by which people recognise the token, at most 200 characters.
    pub name: String,
    /// Time when the token expires. Must be in the future, at most two years ahead.
    pub expires_at: DeferredScalar<DateTime>,
}

/// Service token that was created. The token is shown here and never again.
#[derive(Default, SimpleObject)]
pub struct ServiceTokenPayload {
    /// Global ID of the service token. Null if there are user errors.
    id: Option<ID>,
    /// Token, to send as `Authorization: Bearer TOKEN`. Null if there are user errors.
    token: Option<String>,
    /// Time when the token expires. Null if there are user errors.
    expires_at: Option<DateTime>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Result of a mutation on a membership.
#[derive(SimpleObject)]
pub struct MembershipPayload {
    /// Membership after the mutation, or as it was before its removal. Null if there is none.
    membership: Option<Membership>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Result of revoking an invitation or a service token.
#[derive(SimpleObject)]
pub struct RevokePayload {
    /// Always empty: revoking again changes nothing.
    user_errors: Vec<UserError>,
}

/// Mutations on members, invitations and service tokens.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Invites a person to become a member of a provider. The invitation is valid for 14 days and replaces an open one
    /// for the same address. Unless the provider is PENDING or REJECTED, sends an email with a link to the page
    /// `accept-invitation`; it names the provider only if the address is verified.
    ///
    /// Allowed for owners of the provider. Staff can only invite an OWNER to a provider that has none; anything else is
    /// the user error NOT_ALLOWED. Returns the user error DUPLICATE if the person already has the role, and LIMIT if
    /// the provider has 50 open invitations or has sent 100 in a day, or if the address has been invited 5 times in a
    /// day.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider.")] provider: ID,
        #[graphql(desc = "Email address of the account that will accept the invitation.")] email: String,
        #[graphql(desc = "Role of the new member.")] role: MemberRole,
    ) -> Option<Result<InvitationPayload>> {
        Some(invite(ctx, &provider, &email, role).await)
    }

    /// Revokes an open invitation. One that is no longer open stays as it is. Allowed for owners of the provider and
    /// staff.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the invitation.")] id: ID,
    ) -> Option<Result<RevokePayload>> {
        let revoke = async {
            let id = row_to_write(NodeKind::Invitation, "invitation", "id", &id)?;
            service::revoke_invitation(ctx.primary(), &ctx.writer(false), ctx.caller(), id).await
        };
        Some(revoked(ctx, revoke.await).await)
    }

    /// Accepts an invitation: makes the caller a member with the role of the invitation. An owner stays an owner.
    /// Returns a user error if there is no such open invitation (NOT_FOUND), if it is for another email address than
    /// that of the caller's account (NOT_ALLOWED), if it has expired (EXPIRED), or if the provider has 200 members
    /// already (LIMIT). Allowed for every person who is signed in.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token of the invitation.")] token: String,
    ) -> Option<Result<MembershipPayload>> {
        let outcome = service::accept(ctx.primary(), &ctx.writer(false), ctx.caller(), &token).await;
        Some(membership(ctx, outcome).await)
    }

    /// Removes a member and revokes the service tokens that the member has created for the provider. The last owner
    /// cannot be removed, which is the user error NOT_ALLOWED. Allowed for owners of the provider and staff, and for
    /// every member to leave.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider.")] provider: ID,
        #[graphql(desc = "Global ID of the member's account.")] account: ID,
    ) -> Option<Result<MembershipPayload>> {
        let remove = async {
            let provider = row_to_write(NodeKind::Provider, "provider", "provider", &provider)?;
            let account = row_to_write(NodeKind::Account, "member", "account", &account)?;
            service::remove(ctx.primary(), &ctx.writer(false), ctx.caller(), (provider, account)).await
        };
        Some(membership(ctx, remove.await).await)
    }

    /// Creates a service token, with which one of the provider's own systems can do what an editor can. Returns the
    /// user error LIMIT if the provider has 50 live tokens already. Allowed for owners of the provider and staff.
    async fn create_service_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Data of the token.")] input: UntypedInput<ServiceTokenInput>,
    ) -> Option<Result<ServiceTokenPayload>> {
        Some(create_token(ctx, input).await)
    }

    /// Revokes a service token. Nobody can sign in with it from then on. Allowed for owners of the provider and staff.
    async fn revoke_service_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the service token.")] id: ID,
    ) -> Option<Result<RevokePayload>> {
        let revoke = async {
            let id = row_to_write(NodeKind::ServiceToken, "service token", "id", &id)?;
            service::revoke_token(ctx.primary(), &ctx.writer(false), ctx.caller(), id).await
        };
        Some(revoked(ctx, revoke.await).await)
    }
}

async fn invite(ctx: &Context<'_>, provider: &ID, email: &str, role: MemberRole) -> Result<InvitationPayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "provider", provider)?;
    let invite = InvitationRequest { provider, email, role: role.into() };
    let outcome = service::invite(ctx.primary(), &ctx.writer(false), ctx.caller(), invite).await;
    let (invitation, user_errors) = ctx.finish(outcome).await?;
    let Some(NewInvitation { new_secret, email, provider, by_letter }) = invitation else {
        return Ok(InvitationPayload { user_errors, ..InvitationPayload::default() });
    };
    let (id, expires_at) = (global_id(NodeKind::Invitation, new_secret.id), DateTime(new_secret.expires_at));
    let token = new_secret.secret.reveal();
    if by_letter {
        let letter = |link: &str| emails::invitation(email, provider.as_deref(), link);
        ctx.data_unchecked::<Accounts>().send_link("accept-invitation", &token, letter);
    }
    Ok(InvitationPayload { id: Some(id), token: Some(token), expires_at: Some(expires_at), user_errors })
}

async fn create_token(ctx: &Context<'_>, input: UntypedInput<ServiceTokenInput>) -> Result<ServiceTokenPayload> {
    let text = |field: &str| input.fields.get(field).and_then(serde_json::Value::as_str).unwrap_or_default();
    let provider = row_to_write(NodeKind::Provider, "provider", "input.provider", &ID::from(text("provider")))?;
    let expires_at = DateTime::parse(Some(text("expiresAt").into())).ok().map(|time| time.0);
    let token = TokenRequest { provider, name: text("name"), expires_at };
    let outcome = service::create_token(ctx.primary(), &ctx.writer(false), ctx.caller(), token).await;
    let (new, user_errors) = ctx.finish(outcome).await?;
    let Some(NewSecret { id, secret, expires_at }) = new else {
        return Ok(ServiceTokenPayload { user_errors, ..ServiceTokenPayload::default() });
    };
    let (id, expires_at) = (global_id(NodeKind::ServiceToken, id), DateTime(expires_at));
    Ok(ServiceTokenPayload { id: Some(id), token: Some(secret.reveal()), expires_at: Some(expires_at), user_errors })
}

async fn membership(
    ctx: &Context<'_>,
    outcome: Result<MutationOutcome<(membership::Model, String)>, AppError>,
) -> Result<MembershipPayload> {
    let (member, user_errors) = ctx.finish(outcome).await?;
    let membership = member.map(|(row, display_name)| Membership { row, display_name });
    Ok(MembershipPayload { membership, user_errors })
}

async fn revoked(ctx: &Context<'_>, position: Result<Option<i64>, AppError>) -> Result<RevokePayload> {
    ctx.wait_until_served(position?).await;
    Ok(RevokePayload { user_errors: Vec::new() })
}
