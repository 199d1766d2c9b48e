//! Service tokens of a provider.

use chrono::{DateTime, Months, Utc};
use entity::provider;
use entity::service_token::{self, Column};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{MAX_TOKENS, NewSecret, authorize_private, log_entry};
use crate::auth::{Caller, Mutation};
use crate::changelog::{Action, Entry};
use crate::database::in_ids;
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::service::authorize_and_lock_provider;
use crate::secret::{SERVICE_TOKEN, Secret};
use crate::write::{MutationOutcome, Writer, as_writer, insert};

/// Maximum lifetime of a service token.
const MAX_TOKEN_LIFETIME: Months = Months::new(24);

/// Service token to create.
pub struct TokenRequest<'a> {
    /// ID of the provider.
    pub provider: i64,
    /// Name of the token.
    pub name: &'a str,
    /// Time when the token expires. `None` if it is not a time.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Creates a service token.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn create(
    db: &DatabaseConnection,
    writer: &Writer,
    caller: &Caller,
    token: TokenRequest<'_>,
) -> Result<MutationOutcome<NewSecret>> {
    as_writer(db, writer, async |tx| create_in_transaction(&tx, writer, caller, &token).await).await
}

async fn create_in_transaction(
    tx: &DatabaseTransaction,
    writer: &Writer,
    caller: &Caller,
    token: &TokenRequest<'_>,
) -> Result<MutationOutcome<NewSecret>> {
    let provider = authorize_and_lock_provider(tx, caller, Mutation::CreateServiceToken, token.provider).await?;
    let name = line(MAX_NAME_CHARS)(&json!(token.name));
    let mut errors: Vec<ValidationError> =
        name.clone().err().map(|violation| violation.at("name")).into_iter().collect();
    let now = writer.now();
    let is_in_range = |time: &DateTime<Utc>| {
        *time > now && now.checked_add_months(MAX_TOKEN_LIFETIME).is_some_and(|last| *time <= last)
    };
    let expires_at = match token.expires_at {
        None => Err((ValidationCode::Invalid, "must be a time in RFC 3339 with six decimals at most")),
        Some(time) if is_in_range(&time) => Ok(time),
        Some(_) => Err((ValidationCode::OutOfRange, "must be ahead, and at most two years")),
    };
    errors.extend(expires_at.err().map(|(code, rule)| ValidationError::of("expiresAt", code, rule)));
    let live = service_token::Entity::find().filter(Column::ProviderId.eq(provider.id));
    let live = live.filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    if live.count(tx).await? >= MAX_TOKENS {
        errors.push(ValidationError::of("provider", ValidationCode::Limit, "has as many live tokens as it may: 50"));
    }
    match (name, expires_at) {
        (Ok(name), Ok(expires_at)) if errors.is_empty() => {
            let maker = caller.account().ok_or(AppError::Forbidden)?;
            create_row(tx, writer, &provider, (name, maker), expires_at).await
        }
        (Ok(_) | Err(_), _) => {
            Ok(MutationOutcome::failure(None, errors.into_iter().map(|error| error.within("input")).collect()))
        }
    }
}

async fn create_row(
    tx: &DatabaseTransaction,
    writer: &Writer,
    provider: &provider::Model,
    (name, maker): (String, i64),
    expires_at: DateTime<Utc>,
) -> Result<MutationOutcome<NewSecret>> {
    let (id, secret) = (writer.ids.next(), Secret::new(SERVICE_TOKEN)?);
    let change = ("serviceToken", Value::Null, json!({ "id": id.to_string(), "name": name }));
    let row = service_token::Model {
        id,
        provider_id: provider.id,
        name,
        hash: secret.hash(),
        created_at: writer.now(),
        expires_at,
        revoked_at: None,
        created_by: Some(maker),
    };
    insert::<service_token::Entity>(tx, vec![row]).await?;
    let position = writer.log(tx, vec![log_entry(writer, Action::MemberCreateToken, provider, change)]).await?;
    Ok(MutationOutcome::success(NewSecret { id, secret, expires_at }, position))
}

/// Revokes the tokens that somebody who is no longer a member has created for a provider.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn revoke_made_by(
    tx: &DatabaseTransaction,
    writer: &Writer,
    provider: &provider::Model,
    maker: i64,
) -> Result<Vec<Entry>> {
    let made = service_token::Entity::find().filter(Column::ProviderId.eq(provider.id));
    let made = made.filter(Column::CreatedBy.eq(maker)).filter(Column::RevokedAt.is_null()).all(tx).await?;
    let revoke = service_token::Entity::update_many().col_expr(Column::RevokedAt, Expr::value(writer.now()));
    revoke.filter(in_ids(tx, Column::Id, made.iter().map(|row| row.id))).exec(tx).await?;
    let entry = |row: service_token::Model| {
        let change = ("serviceToken", json!({ "id": row.id.to_string(), "name": row.name }), Value::Null);
        log_entry(writer, Action::MemberRevokeToken, provider, change)
    };
    Ok(made.into_iter().map(entry).collect())
}

/// Revokes a service token. One that is already revoked stays as it is.
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
    let found = service_token::Entity::find_by_id(id).one(tx).await?;
    let of = found.as_ref().map(|row| row.provider_id);
    let provider = authorize_private(tx, caller, Mutation::RevokeServiceToken, "service token", of).await?;
    let revoke = service_token::Entity::update_many().col_expr(Column::RevokedAt, Expr::value(writer.now()));
    let revoke = revoke.filter(Column::Id.eq(id)).filter(Column::ProviderId.eq(provider.id));
    let done = revoke.filter(Column::RevokedAt.is_null()).exec(tx).await?;
    if done.rows_affected == 0 {
        return Ok(None);
    }
    let change = ("serviceToken", json!({ "id": id.to_string(), "name": found.map(|row| row.name) }), Value::Null);
    writer.log(tx, vec![log_entry(writer, Action::MemberRevokeToken, &provider, change)]).await
}
