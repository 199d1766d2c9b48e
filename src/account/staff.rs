//! Who belongs to the staff: a matter of whoever runs the catalogue, so nothing in the API changes it. Rights are read
//! with every request, so a change holds at once, also for those who are signed in.

use entity::account::{self, Column};
use futures_util::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, StreamTrait};

use crate::error::{AppError, Result};
use crate::values;

/// Gives the account with this address the rights of the staff, or takes them away.
pub async fn set_staff(db: &impl ConnectionTrait, email: &str, staff: bool) -> Result<()> {
    let change = account::Entity::update_many().col_expr(Column::Staff, Expr::value(staff));
    let found = match values::email(email) {
        Some(email) => change.filter(Column::Email.eq(email)).exec(db).await?.rows_affected > 0,
        None => false,
    };
    if found { Ok(()) } else { Err(AppError::input("--email", "there is no account with this address")) }
}

/// Gives the accounts one after the other, oldest first: all, or those of the staff.
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
