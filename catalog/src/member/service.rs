//! Changes to who acts for a provider. Everything here runs with the provider's row locked, so that changes to one
//! provider run one after the other: an owner always remains, and concurrent requests cannot exceed a limit.
//! Independent of GraphQL and HTTP.

mod accept;
mod invite;
mod remove;
mod tokens;

use chrono::{DateTime, Utc};
use entity::{MemberRole, membership, provider};
use sea_orm::{ActiveEnum, DatabaseTransaction};
use serde_json::{Value, json};

pub use self::accept::accept;
pub use self::invite::{InvitationRequest, NewInvitation, invite, revoke as revoke_invitation};
pub use self::remove::remove;
pub use self::tokens::{TokenRequest, create as create_token, revoke as revoke_token};
use crate::auth::{Caller, Mutation, require_sign_in};
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::error::{AppError, Result};
use crate::provider::service::{authorize_and_lock_owner, entry};
use crate::secret::Secret;
use crate::write::Writer;

/// Membership with the display name of its account.
pub type Member = (membership::Model, String);

/// New secret, to be shown once.
pub struct NewSecret {
    /// ID of the row that stores its hash.
    pub id: i64,
    /// Secret itself.
    pub secret: Secret,
    /// Time when it expires.
    pub expires_at: DateTime<Utc>,
}

/// Change log entry for a change to who acts for a provider. The public does not see it.
fn log_entry(writer: &Writer, action: Action, provider: &provider::Model, change: (&str, Value, Value)) -> Entry {
    let mut difference = Difference::default();
    difference.record(change.0, change.1, change.2);
    Entry { fields: Some(difference.into()), ..entry(writer, action, provider) }
}

/// Member as the change log shows it: by account ID, since a name is personal data and may change.
fn to_log_value(account: i64, role: MemberRole) -> Value {
    json!({ "account": account.to_string(), "role": role.to_value() })
}

/// Authorizes a mutation on something that only members and staff of a provider may know about, and returns the
/// provider. Everyone else gets NOT_FOUND.
async fn authorize_private(
    tx: &DatabaseTransaction,
    caller: &Caller,
    mutation: Mutation,
    what: &'static str,
    provider: Option<i64>,
) -> Result<provider::Model> {
    require_sign_in(caller)?;
    let provider = provider.ok_or(AppError::NotFound(what))?;
    authorize_and_lock_owner(tx, caller, mutation, (what, provider), |_| false).await
}
