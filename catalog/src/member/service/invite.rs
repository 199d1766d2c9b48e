//! Creating and revoking invitations.

use chrono::{DateTime, TimeDelta, Utc};
use entity::invitation::Column;
use entity::{MemberRole, account, invitation, membership, provider};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use serde_json::{Value, json};

use super::{NewSecret, authorize_private, log_entry};
use crate::auth::{Caller, Mutation, permit};
use crate::changelog::Action;
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError, value};
use crate::provider::service::{is_public, lock_visible_provider};
use crate::secret::{INVITATION, Secret, invalidate};
use crate::write::daily_limit::{self, DailyCounter, LimitedAction};
use crate::write::{MutationOutcome, Writer, as_writer, insert};

const INVITATION_DAYS: i64 = 14;
const MAX_OPEN_INVITATIONS: u64 = 50;
/// Maximum number of invitations of a provider per day, because each of them sends an email.
const MAX_INVITATIONS_PER_DAY: u64 = 100;
/// Maximum number of invitations to one address per day, by all providers together: each is an email that nobody asked
/// for.
const MAX_LETTERS_PER_DAY: u64 = 5;

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
    as_writer(db, writer, async |tx| {
        let (provider, caller) = lock_visible_provider(&tx, caller, invite.provider).await?;
        permit(&caller, Mutation::InviteMember, Some(provider.id))?;
        let email = value::email(&json!(invite.email));
        let mut errors: Vec<ValidationError> =
            email.clone().err().map(|violation| violation.at("email")).into_iter().collect();
        let email = email.unwrap_or_default();
        let account = account::Entity::find().filter(account::Column::Email.eq(&email)).one(&*tx).await?;
        let by_provider = DailyCounter::of(LimitedAction::Invitation, provider.id);
        let to_address = DailyCounter::to(LimitedAction::InvitationLetter, &email);
        errors.extend(check_limits(&tx, writer, (provider.id, &by_provider), (&email, &to_address)).await?);
        if has_role(&tx, &invite, account.as_ref()).await? {
            errors.push(ValidationError::of("email", ValidationCode::Duplicate, "is a member in this role already"));
        }
        if is_staff_interference(&tx, &caller, &invite).await? {
            let rule = "staff invite an OWNER where there is none";
            errors.push(ValidationError::of("role", ValidationCode::NotAllowed, rule));
        }
        if !errors.is_empty() {
            return Ok(MutationOutcome::failure(None, errors));
        }
        close(&tx, writer, open_invitations(provider.id, writer.now()).add(Column::Email.eq(&email))).await?;
        daily_limit::record(&*tx, writer, &[by_provider, to_address]).await?;
        let (new_secret, position) = create_row(&tx, writer, &provider, (&email, invite.role)).await?;
        let is_verified = account.is_some_and(|account| account.email_verified_at.is_some());
        let (by_letter, provider) = (is_public(&provider), is_verified.then_some(provider.name));
        Ok(MutationOutcome::success(NewInvitation { new_secret, email, provider, by_letter }, position))
    })
    .await
}

/// Returns the errors for the limits that are reached.
async fn check_limits(
    tx: &DatabaseTransaction,
    writer: &Writer,
    (provider, by_provider): (i64, &DailyCounter),
    (email, to_address): (&str, &DailyCounter),
) -> Result<Vec<ValidationError>> {
    let others = open_invitations(provider, writer.now()).add(Column::Email.ne(email));
    let others = invitation::Entity::find().filter(others).count(tx).await?;
    let today = count_today(tx, writer, by_provider, Column::ProviderId.eq(provider)).await?;
    let to_them = count_today(tx, writer, to_address, Column::Email.eq(email)).await?;
    let limits = [
        (to_them >= MAX_LETTERS_PER_DAY, "email", "has been invited as often as an address may be in a day: 5"),
        (others >= MAX_OPEN_INVITATIONS, "provider", "has as many open invitations as it may: 50"),
        (today >= MAX_INVITATIONS_PER_DAY, "provider", "has made as many invitations as it may in a day: 100"),
    ];
    let reached = limits.into_iter().filter(|limit| limit.0);
    Ok(reached.map(|(_, field, rule)| ValidationError::of(field, ValidationCode::Limit, rule)).collect())
}

/// Counts the invitations of the last day that meet a condition, including those that were deleted.
async fn count_today(
    tx: &DatabaseTransaction,
    writer: &Writer,
    counter: &DailyCounter,
    condition: Expr,
) -> Result<u64> {
    let made = invitation::Entity::find().filter(condition);
    let made = made.filter(Column::CreatedAt.gt(writer.now() - TimeDelta::days(1))).count(tx).await?;
    counter.count(tx, writer.now(), made).await
}

/// Condition of the invitations of a provider that can still be accepted.
fn open_invitations(provider: i64, now: DateTime<Utc>) -> Condition {
    let open = Condition::all().add(Column::ProviderId.eq(provider));
    open.add(Column::ClosedAt.is_null()).add(Column::ExpiresAt.gt(now))
}

/// Closes all open invitations of a provider.
#[tracing::instrument(level = "debug", skip_all, fields(provider))]
pub(super) async fn close_all(tx: &DatabaseTransaction, writer: &Writer, provider: i64) -> Result<()> {
    close(tx, writer, open_invitations(provider, writer.now())).await
}

async fn close(tx: &DatabaseTransaction, writer: &Writer, condition: Condition) -> Result<()> {
    invalidate::<invitation::Entity>(tx, Column::ClosedAt, writer.now(), condition).await?;
    Ok(())
}

/// Whether the account belongs to a member who already has this role or is an owner.
async fn has_role(
    tx: &DatabaseTransaction,
    invite: &InvitationRequest<'_>,
    account: Option<&account::Model>,
) -> Result<bool> {
    let Some(account) = account else { return Ok(false) };
    let member = membership::Entity::find_by_id((invite.provider, account.id)).one(tx).await?;
    Ok(member.is_some_and(|member| member.role == MemberRole::Owner || member.role == invite.role))
}

/// Whether staff would interfere: they may invite the first owner, who then invites everyone else.
async fn is_staff_interference(
    tx: &DatabaseTransaction,
    caller: &Caller,
    invite: &InvitationRequest<'_>,
) -> Result<bool> {
    if caller.role(invite.provider) == Some(MemberRole::Owner) {
        return Ok(false);
    }
    if invite.role != MemberRole::Owner {
        return Ok(true);
    }
    use membership::Column;
    let owners = membership::Entity::find().filter(Column::ProviderId.eq(invite.provider));
    Ok(owners.filter(Column::Role.eq(MemberRole::Owner)).count(tx).await? > 0)
}

async fn create_row(
    tx: &DatabaseTransaction,
    writer: &Writer,
    provider: &provider::Model,
    (email, role): (&str, MemberRole),
) -> Result<(NewSecret, Option<i64>)> {
    let (secret, created_at) = (Secret::new(INVITATION)?, writer.now());
    let row = invitation::Model {
        id: writer.ids.next(),
        provider_id: provider.id,
        email: email.to_owned(),
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
    Ok((new_secret, position))
}

/// Revokes an invitation. One that is no longer open stays as it is.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn revoke(db: &DatabaseConnection, writer: &Writer, caller: &Caller, id: i64) -> Result<Option<i64>> {
    as_writer(db, writer, async |tx| {
        let found = invitation::Entity::find_by_id(id).one(&*tx).await?;
        let of = found.map(|row| row.provider_id);
        let provider = authorize_private(&tx, caller, Mutation::RevokeInvitation, "invitation", of).await?;
        let this = open_invitations(provider.id, writer.now()).add(Column::Id.eq(id));
        let Some(row) = invitation::Entity::find().filter(this.clone()).one(&*tx).await? else { return Ok(None) };
        close(&tx, writer, this).await?;
        let change = ("invitation", to_log_value(id, row.role), Value::Null);
        writer.log(&tx, vec![log_entry(writer, Action::MemberUninvite, &provider, change)]).await
    })
    .await
}

/// Invitation as the change log shows it, without the address, which is personal data.
fn to_log_value(id: i64, role: MemberRole) -> Value {
    json!({ "id": id.to_string(), "role": role.to_value() })
}
