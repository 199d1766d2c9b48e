//! Accepting an invitation.

use entity::invitation::{self, Column};
use entity::{MemberRole, account, membership};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use serde_json::Value;

use super::{Member, log_entry, to_log_value};
use crate::auth::{Caller, Mutation, permit};
use crate::changelog::Action;
use crate::error::{AppError, Result};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::service::lock_provider;
use crate::secret::{self, invalidate};
use crate::write::{MutationOutcome, Writer, as_writer, save};

const MAX_MEMBERS: u64 = 200;

/// Makes the caller a member with the role of the invitation.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn accept(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    token: &str,
) -> Result<MutationOutcome<Member>> {
    permit(caller, Mutation::AcceptInvitation, None)?;
    let account = caller.account().ok_or(AppError::Forbidden)?;
    as_writer(db, writer, async |tx| {
        let account = account::Entity::find_by_id(account).lock(LockType::KeyShare).one(&*tx).await?;
        let account = account.ok_or(AppError::Unauthenticated)?;
        let found = invitation::Entity::find().filter(Column::Hash.eq(secret::hash(token))).one(&*tx).await?;
        let Some(found) = found else { return Ok(not_found()) };
        let provider = lock_provider(&tx, found.provider_id).await?.ok_or(AppError::NotFound("provider"))?;
        if let Some(refusal) = check(&tx, writer, &account, &found).await? {
            return Ok(refusal);
        }
        // The statement checks again that the invitation is open: of two concurrent requests only one can accept it.
        let this = Column::Id.eq(found.id);
        if invalidate::<invitation::Entity>(&*tx, Column::ClosedAt, writer.now(), this).await? == 0 {
            return Ok(not_found());
        }
        let before = membership::Entity::find_by_id((provider.id, account.id)).one(&*tx).await?;
        // An invitation never lowers a role.
        let was_owner = before.as_ref().is_some_and(|row| row.role == MemberRole::Owner);
        let row = membership::Model {
            provider_id: provider.id,
            account_id: account.id,
            role: if was_owner { MemberRole::Owner } else { found.role },
            created_at: before.as_ref().map_or(writer.now(), |row| row.created_at),
        };
        save::<membership::Entity>(&*tx, vec![row.clone()]).await?;
        let was = before.map_or(Value::Null, |row| to_log_value(row.account_id, row.role));
        let change = ("member", was, to_log_value(row.account_id, row.role));
        let position = writer.log(&tx, vec![log_entry(writer, Action::MemberJoin, &provider, change)]).await?;
        Ok(MutationOutcome::success((row, account.display_name), position))
    })
    .await
}

async fn check(
    tx: &DatabaseTransaction,
    writer: &Writer,
    account: &account::Model,
    found: &invitation::Model,
) -> Result<Option<MutationOutcome<Member>>> {
    // Who is a member already takes no further place.
    let others = membership::Entity::find().filter(membership::Column::ProviderId.eq(found.provider_id));
    let others = others.filter(membership::Column::AccountId.ne(account.id));
    Ok(if account.email != found.email {
        Some(failure(ValidationCode::NotAllowed, "is for another e-mail address than that of your account"))
    } else if found.expires_at <= writer.now() {
        Some(failure(ValidationCode::Expired, "has expired; ask for a new one"))
    } else if others.count(tx).await? >= MAX_MEMBERS {
        Some(failure(ValidationCode::Limit, "the provider has as many members as it may: 200"))
    } else {
        None
    })
}

fn not_found() -> MutationOutcome<Member> {
    failure(ValidationCode::NotFound, "there is no such open invitation")
}

fn failure(code: ValidationCode, rule: &str) -> MutationOutcome<Member> {
    MutationOutcome::failure(None, vec![ValidationError::of("token", code, rule)])
}
