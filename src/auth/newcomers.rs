//! Accounts that come to be: by signing up, or when somebody is first sent here by another identity provider.

use chrono::{DateTime, Utc};
use entity::{account, identity, session};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::Value;

use super::external::Claims;
use crate::error::{AppError, Result};
use crate::form::text::{NAME, line};
use crate::values;
use crate::write::in_transaction;

/// Puts an account in, unless its address is taken. The database says whether it is: of two who ask at the same moment
/// one comes second.
pub async fn add_account(tx: &DatabaseTransaction, account: &account::Model) -> Result<bool> {
    let row = account.clone().into_active_model().reset_all();
    let unless_taken = OnConflict::column(account::Column::Email).do_nothing().to_owned();
    Ok(account::Entity::insert(row).on_conflict(unless_taken).exec_without_returning(tx).await? > 0)
}

/// Makes somebody known whom another identity provider has sent: under the account of their address, or a new one with
/// this id. Without an address that the provider has verified nobody is taken in: anybody could name somebody else's.
pub(super) async fn take_in(
    db: &DatabaseConnection,
    (id, now): (i64, DateTime<Utc>),
    issuer: &str,
    claims: &Claims,
) -> Result<()> {
    let email = claims.verified_email().and_then(values::email).ok_or(AppError::Unauthenticated)?;
    let new = account::Model {
        id,
        display_name: name(claims, &email),
        email,
        password_hash: None,
        staff: false,
        email_verified_at: Some(now),
        created_at: now,
    };
    in_transaction(db, async |tx| {
        let account_id = if add_account(&tx, &new).await? { id } else { claim(&tx, &new.email, now).await? };
        let (issuer, subject) = (issuer.to_owned(), claims.sub.clone());
        let row = identity::Model { issuer, subject, account_id, created_at: now }.into_active_model().reset_all();
        let unless_known =
            OnConflict::columns([identity::Column::Issuer, identity::Column::Subject]).do_nothing().to_owned();
        identity::Entity::insert(row).on_conflict(unless_known).exec_without_returning(&*tx).await?;
        Ok(())
    })
    .await
}

/// The account of an address, for whoever has shown that the address is theirs. Where its password was set by somebody who
/// has not, that is taken away, and whoever is signed in with it is out.
async fn claim(tx: &DatabaseTransaction, email: &str, now: DateTime<Utc>) -> Result<i64> {
    use account::Column;
    let found = account::Entity::find().filter(Column::Email.eq(email)).one(tx).await?;
    let account = found.ok_or_else(|| AppError::Conflict("the account has just been deleted".to_owned()))?;
    if account.email_verified_at.is_none() {
        let take = account::Entity::update_many().col_expr(Column::EmailVerifiedAt, Expr::value(now));
        let take = take.col_expr(Column::PasswordHash, Expr::value(None::<String>));
        take.filter(Column::Id.eq(account.id)).exec(tx).await?;
        let out = session::Entity::update_many().col_expr(session::Column::EndedAt, Expr::value(now));
        out.filter(session::Column::AccountId.eq(account.id)).exec(tx).await?;
    }
    Ok(account.id)
}

fn name(claims: &Claims, email: &str) -> String {
    let given = claims.name.as_ref().and_then(|name| line(NAME)(&Value::from(name.as_str())).ok());
    given.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned())
}
