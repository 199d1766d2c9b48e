//! Removing a member.

use entity::membership::{self, Column};
use entity::{MemberRole, account};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter};
use serde_json::Value;

use super::invite::close_all;
use super::tokens::revoke_made_by;
use super::{Member, log_entry, to_log_value};
use crate::auth::{Caller, Mutation, permit};
use crate::changelog::Action;
use crate::error::{AppError, Result};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::service::lock_visible_provider;
use crate::write::{MutationOutcome, Writer, as_writer};

/// Removes a member and returns the former membership. Allowed for owners and staff, and for all members themselves.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn remove(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    (provider, account): (i64, i64),
) -> Result<MutationOutcome<Member>> {
    as_writer(db, writer, async |tx| {
        let (provider, caller) = lock_visible_provider(&tx, caller, provider).await?;
        let is_own = caller.account() == Some(account) && caller.role(provider.id).is_some();
        if !is_own {
            permit(&caller, Mutation::RemoveMember, Some(provider.id))?;
        }
        let row = membership::Entity::find_by_id((provider.id, account)).one(&*tx).await?;
        let row = row.ok_or(AppError::NotFound("member"))?;
        let name = account::Entity::find_by_id(account).one(&*tx).await?.map(|account| account.display_name);
        let name = name.unwrap_or_default();
        let delete = membership::Entity::delete_many()
            .filter(Column::ProviderId.eq(provider.id))
            .filter(Column::AccountId.eq(account))
            .filter(Condition::any().add(Column::Role.ne(MemberRole::Owner)).add(another_owner(provider.id, account)));
        if delete.exec(&*tx).await?.rows_affected == 0 {
            let error = ValidationError::of("account", ValidationCode::NotAllowed, "is the last owner, who stays");
            return Ok(MutationOutcome::failure(Some((row, name)), vec![error]));
        }
        if row.role == MemberRole::Owner {
            // A former owner may know the tokens of those that they have made.
            close_all(&tx, writer, provider.id).await?;
        }
        let change = ("member", to_log_value(row.account_id, row.role), Value::Null);
        let mut entries = vec![log_entry(writer, Action::MemberRemove, &provider, change)];
        entries.extend(revoke_made_by(&tx, writer, &provider, account).await?);
        let position = writer.log(&tx, entries).await?;
        Ok(MutationOutcome::success((row, name), position))
    })
    .await
}

/// Whether the provider has another owner than this account.
fn another_owner(provider: i64, account: i64) -> Expr {
    let other = Alias::new("other");
    let column = |column: Column| Expr::col((other.clone(), column));
    let owners = Query::select()
        .expr(Expr::val(1))
        .from_as(membership::Entity, other.clone())
        .and_where(column(Column::ProviderId).eq(provider))
        .and_where(column(Column::Role).eq("OWNER"))
        .and_where(column(Column::AccountId).ne(account))
        .take();
    Expr::exists(owners)
}
