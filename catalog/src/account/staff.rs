//! Membership of staff. Only the operator of the catalogue can change it, not the API. Rights are read with every
//! request, so a change applies at once, also to people who are signed in.

use chrono::{DateTime, Utc};
use entity::account::{self, Column};
use futures_util::TryStreamExt;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, StreamTrait,
};

use crate::error::{AppError, Result};
use crate::values;
use crate::write::in_transaction;

/// Change to whether an account belongs to staff.
pub struct StaffChange<'a> {
    /// Email address of the account.
    pub email: &'a str,
    /// Whether the account should belong to staff.
    pub staff: bool,
    /// Whether the operator confirms that the address belongs to the account's owner.
    pub is_vouched_for: bool,
    /// Current time.
    pub now: DateTime<Utc>,
}

/// Grants an account the rights of staff, or revokes them. An unverified address is not enough, since anyone can sign
/// up with somebody else's.
pub async fn set_staff(db: &DatabaseConnection, change: &StaffChange<'_>) -> Result<()> {
    let unknown = || AppError::input("--email", "there is no account with this address");
    let email = values::email(change.email).ok_or_else(unknown)?;
    in_transaction(db, async |tx| {
        let found = account::Entity::find().filter(Column::Email.eq(&email)).lock(LockType::NoKeyUpdate);
        let found = found.one(&*tx).await?.ok_or_else(unknown)?;
        if change.staff && found.email_verified_at.is_none() && !change.is_vouched_for {
            let rule = "the address is not verified: its owner opens the link that was sent to it, or add --verified if you \
                        know that it is theirs";
            return Err(AppError::input("--email", rule));
        }
        let verified_at = found.email_verified_at.or(change.is_vouched_for.then_some(change.now));
        let update = account::Entity::update_many().col_expr(Column::Staff, Expr::value(change.staff));
        let update = update.col_expr(Column::EmailVerifiedAt, Expr::value(verified_at));
        update.filter(Column::Id.eq(found.id)).exec(&*tx).await?;
        Ok(())
    })
    .await
}

/// Calls `give` with each account, oldest first: all accounts, or those of staff.
pub async fn each(
    db: &(impl ConnectionTrait + StreamTrait),
    only_staff: bool,
    mut give: impl FnMut(&account::Model),
) -> Result<()> {
    let accounts = account::Entity::find().order_by_asc(Column::Id);
    let accounts = if only_staff { accounts.filter(Column::Staff.eq(true)) } else { accounts };
    let mut rows = accounts.stream(db).await?;
    while let Some(account) = rows.try_next().await? {
        give(&account);
    }
    Ok(())
}
