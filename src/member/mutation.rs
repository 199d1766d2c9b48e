//! Mutations on members, invitations and service tokens.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::membership;

use super::inputs::ServiceTokenInput;
use super::letters;
use super::service::{self, Handed, Invite, Invited, NewToken};
use super::types::Membership;
use crate::account::Accounts;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::MemberRole;
use crate::graphql::ids::{NodeKind, global_id, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::scalars::DateTime;
use crate::graphql::writing::Writing;
use crate::write::Saved;

/// An invitation that was made. Its token is shown here and never again.
#[derive(SimpleObject)]
pub struct InvitationPayload {
    /// The invitation's global id; null where there are user errors.
    id: Option<ID>,
    /// What acceptInvitation takes; null where there are user errors.
    token: Option<String>,
    /// Until when it can be accepted; null where there are user errors.
    expires_at: Option<DateTime>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// A service token that was made. It is shown here and never again.
#[derive(SimpleObject)]
pub struct ServiceTokenPayload {
    /// Its global id; null where there are user errors.
    id: Option<ID>,
    /// What the system sends as Authorization: Bearer TOKEN; null where there are user errors.
    token: Option<String>,
    /// Until when it is good; null where there are user errors.
    expires_at: Option<DateTime>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// What has become of a membership.
#[derive(SimpleObject)]
pub struct MembershipPayload {
    /// The membership as it is now, or, once removed, as it was; null where there is none.
    membership: Option<Membership>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// What taking something back answers.
#[derive(SimpleObject)]
pub struct RevokePayload {
    /// Always empty: what was taken back before stays so.
    user_errors: Vec<UserError>,
}

/// Mutations on members, invitations and service tokens.
#[derive(Default)]
pub struct MemberMutation;

/// Mutations on members, invitations and service tokens.
#[Object]
impl MemberMutation {
    /// Invites somebody to be a member. The invitation stands for 14 days; one for the same address before it is taken
    /// back. Unless the provider is still PENDING, a letter goes to the address with a link to the page
    /// accept-invitation; it names the provider only where the address is verified. Owners may, and staff where there is no
    /// owner yet.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which provider.")] provider: ID,
        #[graphql(desc = "Their e-mail address: that of the account that will accept.")] email: String,
        #[graphql(desc = "What they will be.")] role: MemberRole,
    ) -> Option<Result<InvitationPayload>> {
        Some(invite(ctx, &provider, &email, role).await)
    }

    /// Takes an open invitation back. Owners may.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation.")] id: ID,
    ) -> Option<Result<RevokePayload>> {
        let revoke = async {
            let id = row_to_write(NodeKind::Invitation, "invitation", "id", &id)?;
            service::revoke_invitation(ctx.primary(), &ctx.writer(false), ctx.caller(), id).await
        };
        Some(revoked(ctx, revoke.await).await)
    }

    /// Makes whoever is signed in a member, as an invitation to their address says.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation's token.")] token: String,
    ) -> Option<Result<MembershipPayload>> {
        let saved = service::accept(ctx.primary(), &ctx.writer(false), ctx.caller(), &token).await;
        Some(membership(ctx, saved).await)
    }

    /// Removes a member. Owners may, and every member may leave; the last owner stays.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which provider.")] provider: ID,
        #[graphql(desc = "The member's account.")] account: ID,
    ) -> Option<Result<MembershipPayload>> {
        let remove = async {
            let provider = row_to_write(NodeKind::Provider, "provider", "provider", &provider)?;
            let account = row_to_write(NodeKind::Account, "member", "account", &account)?;
            service::remove(ctx.primary(), &ctx.writer(false), ctx.caller(), (provider, account)).await
        };
        Some(membership(ctx, remove.await).await)
    }

    /// Makes a token for a provider's own system, which then may do what an editor may. Owners may; a provider has at most
    /// 50 that are good.
    async fn create_service_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: ServiceTokenInput,
    ) -> Option<Result<ServiceTokenPayload>> {
        Some(create_token(ctx, input).await)
    }

    /// Revokes a service token: from now on nobody can sign in with it. Owners may.
    async fn revoke_service_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] id: ID,
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
    let invite = Invite { provider, email, role: role.into() };
    let saved = service::invite(ctx.primary(), &ctx.writer(false), ctx.caller(), invite).await?;
    ctx.written(saved.position).await;
    let user_errors = UserError::whole(saved.faults);
    let Some(Invited { handed, email, provider, by_letter }) = saved.now else {
        return Ok(InvitationPayload { id: None, token: None, expires_at: None, user_errors });
    };
    let (id, expires_at) = (global_id(NodeKind::Invitation, handed.id), DateTime(handed.expires_at));
    let token = handed.secret.reveal();
    if by_letter {
        let letter = |link: &str| letters::invitation(email, provider.as_deref(), link);
        ctx.data_unchecked::<Accounts>().send_link("accept-invitation", &token, letter);
    }
    Ok(InvitationPayload { id: Some(id), token: Some(token), expires_at: Some(expires_at), user_errors })
}

async fn create_token(ctx: &Context<'_>, input: ServiceTokenInput) -> Result<ServiceTokenPayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "input.provider", &input.provider)?;
    let token = NewToken { provider, name: &input.name, expires_at: input.expires_at.0 };
    let saved = service::create_token(ctx.primary(), &ctx.writer(false), ctx.caller(), token).await?;
    ctx.written(saved.position).await;
    let user_errors = UserError::whole(saved.faults);
    Ok(match saved.now {
        None => ServiceTokenPayload { id: None, token: None, expires_at: None, user_errors },
        Some(Handed { id, secret, expires_at }) => ServiceTokenPayload {
            id: Some(global_id(NodeKind::ServiceToken, id)),
            token: Some(secret.reveal()),
            expires_at: Some(DateTime(expires_at)),
            user_errors,
        },
    })
}

async fn membership(ctx: &Context<'_>, saved: Result<Saved<(membership::Model, String)>>) -> Result<MembershipPayload> {
    let saved = saved?;
    ctx.written(saved.position).await;
    let membership = saved.now.map(|(row, display_name)| Membership { row, display_name });
    Ok(MembershipPayload { membership, user_errors: UserError::whole(saved.faults) })
}

async fn revoked(ctx: &Context<'_>, position: Result<Option<i64>>) -> Result<RevokePayload> {
    ctx.written(position?).await;
    Ok(RevokePayload { user_errors: Vec::new() })
}
