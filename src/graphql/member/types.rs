//! Members, invitations and service tokens as the API shows them. Whoever constructs one has checked that the caller
//! may see it.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object};
use entity::{invitation, membership, service_token};

use crate::graphql::account::Account;
use crate::graphql::enums::MemberRole;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::provider::Provider;
use crate::graphql::scalars::DateTime;

/// Membership of a person in a provider.
#[derive(Clone, Description)]
pub struct Membership {
    pub(super) row: membership::Model,
    pub(super) display_name: String,
}

#[Object(use_type_description)]
impl Membership {
    /// Provider that the person is a member of.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Provider> {
        Provider::of(ctx, self.row.provider_id).await
    }

    /// Display name of the member.
    async fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Account of the member. Null unless it is the caller's own account or the caller is staff.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<Account>> {
        Account::visible(ctx, self.row.account_id).await.transpose()
    }

    /// Role of the member.
    async fn role(&self) -> MemberRole {
        self.row.role.into()
    }

    /// Time when the person became a member.
    async fn since(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Global ID of the member's account, as `removeMember` takes it.
    async fn account_id(&self) -> ID {
        global_id(NodeKind::Account, self.row.account_id)
    }
}

/// Invitation to become a member of a provider. Its token is returned by `inviteMember` only.
#[derive(Clone, Description)]
pub struct Invitation(pub(super) Arc<invitation::Model>);

#[Object(use_type_description)]
impl Invitation {
    /// Global ID of the invitation.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Invitation, self.0.id)
    }

    /// Email address that is invited.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Role of the new member.
    async fn role(&self) -> MemberRole {
        self.0.role.into()
    }

    /// Time when the invitation was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time when the invitation expires.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// Token with which one of a provider's own systems signs in. The token itself is returned by `createServiceToken`
/// only.
#[derive(Clone, Description)]
pub struct ServiceToken(pub(super) Arc<service_token::Model>);

#[Object(use_type_description)]
impl ServiceToken {
    /// Global ID of the service token.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::ServiceToken, self.0.id)
    }

    /// Name by which people recognise the token.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Time when the token was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time when the token expires.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Time when the token was revoked. Null if it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
