//! Creating and revoking invitations.

use chrono::{DateTime, TimeDelta, Utc};
use entity::invitation::Column;
use entity::{MemberRole, account, invitation, membership, provider};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, Select,
};
use serde_json::{Value, json};

use super::{
    MAX_INVITATIONS_PER_DAY, MAX_LETTERS_PER_DAY, MAX_OPEN_INVITATIONS, NewSecret, authorize_private, has_owner,
    log_entry,
};
use crate::auth::{Caller, Mutation, permit};
use crate::changelog::Action;
use crate::database::in_ids;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError, value};
use crate::provider::service::{is_public, lock_visible_provider};
use crate::secret::{INVITATION, Secret};
use crate::write::daily_limit::{self, DailyCounter, LimitedAction};
use crate::write::{MutationOutcome, Writer, as_writer, insert};

/// Number of days for which an invitation is valid.
const INVITATION_DAYS: i64 = 14;

/// Invitation to create.
pub struct InvitationRequest<'a> {
    /// ID of the provider.
    pub provider: i64,
    /// Email address to invite.
    pub email: &'a str,
    /// Role of the new member.
    pub role: MemberRole,
}

/// Invitation that was created.
pub struct NewInvitation {
    /// Its secret.
    pub new_secret: NewSecret,
    /// Email address that was invited.
    pub email: String,
    /// Name of the provider, if the email may state it. Only for a verified address, since anyone can sign up with
    /// somebody else's.
    pub provider: Option<String>,
    /// Whether to send an email. Not before staff have approved the provider: otherwise anyone could register one and
    /// have emails with a name of their choice sent to strangers.
    pub by_letter: bool,
}

/// Creates an invitation. It replaces an open one for the same address.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn invite(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    invite: InvitationRequest<'_>,
) -> Result<MutationOutcome<NewInvitation>> {
    as_writer(db, writer, async |tx| invite_in_transaction(&tx, writer, caller, &invite).await).await
}

async fn invite_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    invite: &InvitationRequest<'_>,
) -> Result<MutationOutcome<NewInvitation>> {
    let (provider, caller) = lock_visible_provider(tx, caller, invite.provider).await?;
    permit(&caller, Mutation::InviteMember, Some(provider.id))?;
    let email = value::email(&json!(invite.email));
    let mut errors: Vec<ValidationError> =
        email.clone().err().map(|violation| violation.at("email")).into_iter().collect();
    let email = email.unwrap_or_default();
    let others = open_invitations(provider.id, writer.now()).filter(Column::Email.ne(&email)).count(tx).await?;
    let (by_provider, to_address) = (
        DailyCounter::of(LimitedAction::Invitation, provider.id),
        DailyCounter::to(LimitedAction::InvitationLetter, &email),
    );
    let today = count_today(tx, writer, Column::ProviderId.eq(provider.id)).await?;
    let today = by_provider.count(tx, writer.now(), today).await?;
    let to_them = count_today(tx, writer, Column::Email.eq(&email)).await?;
    let to_them = to_address.count(tx, writer.now(), to_them).await?;
    let rules = [
        (
            to_them >= MAX_LETTERS_PER_DAY,
            "email",
            ValidationCode::Limit,
            "has been invited as often as an address may be in a day: 5",
        ),
        (
            others >= MAX_OPEN_INVITATIONS,
            "provider",
            ValidationCode::Limit,
            "has as many open invitations as it may: 50",
        ),
        (
            today >= MAX_INVITATIONS_PER_DAY,
            "provider",
            ValidationCode::Limit,
            "has made as many invitations as it may in a day: 100",
        ),
        (has_role(tx, invite, &email).await?, "email", ValidationCode::Duplicate, "is a member in this role already"),
        (
            is_staff_interference(tx, &caller, invite).await?,
            "role",
            ValidationCode::NotAllowed,
            "staff invite an OWNER where there is none",
        ),
    ];
    errors.extend(
        rules.into_iter().filter(|rule| rule.0).map(|(_, field, code, rule)| ValidationError::of(field, code, rule)),
    );
    if !errors.is_empty() {
        return Ok(MutationOutcome::failure(None, errors));
    }
    let replaced = open_invitations(provider.id, writer.now()).filter(Column::Email.eq(&email));
    close_invitations(tx, writer, replaced.select_only().column(Column::Id).into_tuple().all(tx).await?).await?;
    daily_limit::record(tx, writer, &[by_provider, to_address]).await?;
    create_row(tx, writer, &provider, email, invite.role).await
}

/// Counts the invitations of the last day that meet a condition.
async fn count_today(tx: &impl ConnectionTrait, writer: &Writer, condition: Expr) -> Result<u64> {
    let made = invitation::Entity::find().filter(condition);
    Ok(made.filter(Column::CreatedAt.gt(writer.now() - TimeDelta::days(1))).count(tx).await?)
}

/// Selects the invitations of a provider that can still be accepted.
fn open_invitations(provider: i64, now: DateTime<Utc>) -> Select<invitation::Entity> {
    let of = invitation::Entity::find().filter(Column::ProviderId.eq(provider));
    of.filter(Column::ClosedAt.is_null()).filter(Column::ExpiresAt.gt(now))
}

/// Closes all open invitations of a provider.
#[tracing::instrument(level = "debug", skip_all, fields(provider))]
pub(super) async fn close_all(tx: &DatabaseTransaction, writer: &Writer, provider: i64) -> Result<()> {
    let open = open_invitations(provider, writer.now()).select_only().column(Column::Id);
    close_invitations(tx, writer, open.into_tuple().all(tx).await?).await
}

/// Whether the address belongs to a member who already has this role or is an owner.
async fn has_role(tx: &impl ConnectionTrait, invite: &InvitationRequest<'_>, email: &str) -> Result<bool> {
    let account = account::Entity::find().filter(account::Column::Email.eq(email)).one(tx).await?;
    let Some(account) = account else { return Ok(false) };
    let member = membership::Entity::find_by_id((invite.provider, account.id)).one(tx).await?;
    Ok(member.is_some_and(|member| member.role == MemberRole::Owner || member.role == invite.role))
}

/// Whether staff would interfere: they may invite the first owner, who then invites everyone else.
async fn is_staff_interference(
    tx: &impl ConnectionTrait,
    caller: &Caller,
    invite: &InvitationRequest<'_>,
) -> Result<bool> {
    if caller.role(invite.provider) == Some(MemberRole::Owner) {
        return Ok(false);
    }
    Ok(invite.role != MemberRole::Owner || has_owner(tx, invite.provider).await?)
}

async fn close_invitations(tx: &DatabaseTransaction, writer: &Writer, ids: Vec<i64>) -> Result<()> {
    let close = invitation::Entity::update_many().col_expr(Column::ClosedAt, Expr::value(writer.now()));
    close.filter(in_ids(tx, Column::Id, ids)).filter(Column::ClosedAt.is_null()).exec(tx).await?;
    Ok(())
}

async fn create_row(
    tx: &DatabaseTransaction,
    writer: &Writer,
    provider: &provider::Model,
    email: String,
    role: MemberRole,
) -> Result<MutationOutcome<NewInvitation>> {
    let (secret, created_at) = (Secret::new(INVITATION)?, writer.now());
    let row = invitation::Model {
        id: writer.ids.next(),
        provider_id: provider.id,
        email: email.clone(),
        role,
        hash: secret.hash(),
        created_at,
        expires_at: created_at + TimeDelta::days(INVITATION_DAYS),
        closed_at: None,
    };
    let new_secret = NewSecret { id: row.id, secret, expires_at: row.expires_at };
    insert::<invitation::Entity>(tx, vec![row]).await?;
    let change = ("invitation", Value::Null, to_log_value(new_secret.id, role));
    let position = writer.log(tx, vec![log_entry(writer, Action::MemberInvite, provider, change)]).await?;
    let by_letter = is_public(provider);
    let provider = is_verified(tx, &email).await?.then(|| provider.name.clone());
    Ok(MutationOutcome::success(NewInvitation { new_secret, email, provider, by_letter }, position))
}

/// Whether the address belongs to an account that has verified it.
async fn is_verified(tx: &impl ConnectionTrait, email: &str) -> Result<bool> {
    let account = account::Entity::find().filter(account::Column::Email.eq(email)).one(tx).await?;
    Ok(account.is_some_and(|account| account.email_verified_at.is_some()))
}

/// Revokes an invitation. One that is no longer open stays as it is.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn revoke(db: &DatabaseConnection, writer: &Writer, caller: &Caller, id: i64) -> Result<Option<i64>> {
    as_writer(db, writer, async |tx| revoke_in_transaction(&tx, writer, caller, id).await).await
}

async fn revoke_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    id: i64,
) -> Result<Option<i64>> {
    let found = invitation::Entity::find_by_id(id).one(tx).await?;
    let provider =
        authorize_private(tx, caller, Mutation::RevokeInvitation, "invitation", found.map(|row| row.provider_id))
            .await?;
    let Some(row) = open_invitations(provider.id, writer.now()).filter(Column::Id.eq(id)).one(tx).await? else {
        return Ok(None);
    };
    close_invitations(tx, writer, vec![id]).await?;
    let change = ("invitation", to_log_value(id, row.role), Value::Null);
    writer.log(tx, vec![log_entry(writer, Action::MemberUninvite, &provider, change)]).await
}

/// Invitation as the change log shows it, without the address, which is personal data.
fn to_log_value(id: i64, role: MemberRole) -> Value {
    json!({ "id": id.to_string(), "role": role.to_value() })
}
