//! Who acts for a provider, and how that changes. Everything here happens with the provider's row locked, so that two
//! changes of one provider come one after the other: there is always an owner left, and no limit is passed by two at
//! once. What must not go in: how it is asked for and answered.

mod accept;
mod invite;
mod remove;
mod tokens;

use chrono::{DateTime, Utc};
use entity::{MemberRole, membership, provider};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};

pub use self::accept::accept;
pub use self::invite::{Invite, Invited, invite, revoke as revoke_invitation};
pub use self::remove::remove;
pub use self::tokens::{NewToken, create as create_token, revoke as revoke_token};
use crate::auth::secret::Secret;
use crate::auth::{Caller, signed_in};
use crate::changelog::Entry;
use crate::changelog::fields::Difference;
use crate::error::{AppError, Result};
use crate::provider::service::{entry, held_for};
use crate::write::Writer;

/// Members of one provider at most.
const MEMBERS: u64 = 200;
/// Open invitations of one provider at most.
const INVITATIONS: u64 = 50;
/// Invitations of one provider in a day at most: each of them is a letter.
const DAILY: u64 = 100;
/// Invitations to one address in a day, by whomever: each is a letter to somebody who has not asked for it.
const LETTERS: u64 = 5;
/// Live service tokens of one provider at most.
const TOKENS: u64 = 50;

/// A membership and the display name of its account.
pub type Member = (membership::Model, String);

/// A secret that was made, for the one answer that shows it.
pub struct Handed {
    /// The row that its hash is kept in.
    pub id: i64,
    /// The secret.
    pub secret: Secret,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// What the log says of a change of who acts for a provider; the public sees nothing of it.
fn noted(writer: &Writer, action: &'static str, provider: &provider::Model, change: (&str, Value, Value)) -> Entry {
    let mut difference = Difference::default();
    difference.note(change.0, change.1, change.2);
    Entry { fields: Some(difference.into()), ..entry(writer, action, provider) }
}

/// A member as the log shows one: by account, since a name is personal and may change.
fn shown(account: i64, role: MemberRole) -> Value {
    json!({ "account": account.to_string(), "role": role.to_value() })
}

async fn has_owner(tx: &impl ConnectionTrait, provider: i64) -> Result<bool> {
    use membership::Column;
    let owners = membership::Entity::find().filter(Column::ProviderId.eq(provider));
    Ok(owners.filter(Column::Role.eq(MemberRole::Owner)).count(tx).await? > 0)
}

/// The provider of something that only its members and staff know of, if the caller may use the mutation on it. To
/// everybody else there is no such thing.
async fn inside(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: &str,
    what: &'static str,
    provider: Option<i64>,
) -> Result<provider::Model> {
    signed_in(caller)?;
    let provider = provider.ok_or(AppError::NotFound(what))?;
    held_for(tx, caller, mutation, (what, provider), |_| false).await
}
