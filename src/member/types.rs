//! Members, invitations and service tokens as the API shows them. Whether the caller may see one is for whoever makes it
//! to say.

use async_graphql::{Context, ID, Object};
use entity::{invitation, membership, service_token};

use crate::account::Account;
use crate::error::Result;
use crate::graphql::enums::MemberRole;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::scalars::DateTime;
use crate::provider::Provider;

/// What a person is to a provider.
#[derive(Clone)]
pub struct Membership {
    pub(super) row: membership::Model,
    pub(super) display_name: String,
}

/// What a person is to a provider.
#[Object]
impl Membership {
    /// The provider.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Provider> {
        Provider::of(ctx, self.row.provider_id).await
    }

    /// The member's display name.
    async fn display_name(&self) -> &str {
        &self.display_name
    }

    /// The member's account; null unless it is one's own or one belongs to the staff.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<Account>> {
        Account::visible(ctx, self.row.account_id).await.transpose()
    }

    /// What the member may do.
    async fn role(&self) -> MemberRole {
        self.row.role.into()
    }

    /// Since when they are a member.
    async fn since(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// The global id of the member's account, as removeMember takes it.
    async fn account_id(&self) -> ID {
        global_id(NodeKind::Account, self.row.account_id)
    }
}

/// An open invitation to become a member of a provider. Its token is in no answer but that of inviteMember.
#[derive(Clone)]
pub struct Invitation(pub(super) invitation::Model);

/// An open invitation to become a member of a provider. Its token is in no answer but that of inviteMember.
#[Object]
impl Invitation {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Invitation, self.0.id)
    }

    /// The address that is invited.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What they will be.
    async fn role(&self) -> MemberRole {
        self.0.role.into()
    }

    /// When they were invited.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it can be accepted.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// What a provider's own system signs in with. The token itself is in no answer but that of createServiceToken.
#[derive(Clone)]
pub struct ServiceToken(pub(super) service_token::Model);

/// What a provider's own system signs in with. The token itself is in no answer but that of createServiceToken.
#[Object]
impl ServiceToken {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::ServiceToken, self.0.id)
    }

    /// What people call it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it is good.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

impl crate::graphql::loaders::CountRows for Invitation {}

impl crate::graphql::loaders::CountRows for ServiceToken {}
