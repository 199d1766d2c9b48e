//! Service tokens of a provider.

use chrono::{DateTime, Months, Utc};
use entity::provider;
use entity::service_token::{self, Column};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};

use super::{NewSecret, authorize_private, log_entry};
use crate::auth::{Caller, Mutation};
use crate::changelog::{Action, Entry};
use crate::database::in_ids;
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::input::{ValidationCode, ValidationError};
use crate::provider::service::authorize_and_lock_provider;
use crate::secret::{SERVICE_TOKEN, Secret, invalidate};
use crate::write::{MutationOutcome, Writer, as_writer, insert};

/// Maximum number of live service tokens of a provider.
const MAX_TOKENS: u64 = 50;
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
    as_writer(db, writer, async |tx| {
        let provider = authorize_and_lock_provider(&tx, caller, Mutation::CreateServiceToken, token.provider).await?;
        let name = line(MAX_NAME_CHARS)(&json!(token.name));
        let mut errors: Vec<ValidationError> =
            name.clone().err().map(|violation| violation.at("name")).into_iter().collect();
        let expires_at = check_expiry(token.expires_at, writer.now());
        errors.extend(expires_at.clone().err());
        let live = service_token::Entity::find().filter(Column::ProviderId.eq(provider.id));
        let live = live.filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(writer.now()));
        if live.count(&*tx).await? >= MAX_TOKENS {
            let rule = "has as many live tokens as it may: 50";
            errors.push(ValidationError::of("provider", ValidationCode::Limit, rule));
        }
        match (name, expires_at) {
            (Ok(name), Ok(expires_at)) if errors.is_empty() => {
                let maker = caller.account().ok_or(AppError::Forbidden)?;
                create_row(&tx, writer, &provider, (name, maker), expires_at).await
            }
            (Ok(_) | Err(_), _) => {
                Ok(MutationOutcome::failure(None, errors.into_iter().map(|error| error.within("input")).collect()))
            }
        }
    })
    .await
}

fn check_expiry(time: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, ValidationError> {
    let error = |code, rule| ValidationError::of("expiresAt", code, rule);
    let rule = "must be a time in RFC 3339 with six decimals at most";
    let time = time.ok_or_else(|| error(ValidationCode::Invalid, rule))?;
    let is_in_range = time > now && now.checked_add_months(MAX_TOKEN_LIFETIME).is_some_and(|last| time <= last);
    if is_in_range { Ok(time) } else { Err(error(ValidationCode::OutOfRange, "must be ahead, and at most two years")) }
}

async fn create_row(
    tx: &DatabaseTransaction,
    writer: &Writer,
    provider: &provider::Model,
    (name, maker): (String, i64),
    expires_at: DateTime<Utc>,
) -> Result<MutationOutcome<NewSecret>> {
    let (id, secret) = (writer.ids.next(), Secret::new(SERVICE_TOKEN)?);
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
    let change = ("serviceToken", Value::Null, to_log_value(&row));
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
    let made = Condition::all().add(Column::ProviderId.eq(provider.id)).add(Column::CreatedBy.eq(maker));
    let valid = service_token::Entity::find().filter(made).filter(Column::RevokedAt.is_null()).all(tx).await?;
    let ids = in_ids(tx, Column::Id, valid.iter().map(|row| row.id));
    invalidate::<service_token::Entity>(tx, Column::RevokedAt, writer.now(), ids).await?;
    Ok(valid.iter().map(|row| revocation(writer, provider, row)).collect())
}

/// Revokes a service token. One that is already revoked stays as it is.
#[tracing::instrument(level = "debug", skip_all, fields(id))]
pub async fn revoke(db: &DatabaseConnection, writer: &Writer, caller: &Caller, id: i64) -> Result<Option<i64>> {
    const WHAT: &str = "service token";
    as_writer(db, writer, async |tx| {
        let found = service_token::Entity::find_by_id(id).one(&*tx).await?;
        let of = found.as_ref().map(|row| row.provider_id);
        let provider = authorize_private(&tx, caller, Mutation::RevokeServiceToken, WHAT, of).await?;
        let row = found.ok_or(AppError::NotFound(WHAT))?;
        let this = Column::Id.eq(id);
        if invalidate::<service_token::Entity>(&*tx, Column::RevokedAt, writer.now(), this).await? == 0 {
            return Ok(None);
        }
        writer.log(&tx, vec![revocation(writer, &provider, &row)]).await
    })
    .await
}

fn revocation(writer: &Writer, provider: &provider::Model, row: &service_token::Model) -> Entry {
    log_entry(writer, Action::MemberRevokeToken, provider, ("serviceToken", to_log_value(row), Value::Null))
}

/// Service token as the change log shows it.
fn to_log_value(row: &service_token::Model) -> Value {
    json!({ "id": row.id.to_string(), "name": row.name })
}
