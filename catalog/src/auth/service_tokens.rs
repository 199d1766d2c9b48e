//! Validity of service tokens, and whether they may write. A token acts for a provider on behalf of the member who
//! created it, and becomes invalid when that membership ends. Staff can create one for any provider; it is valid while
//! they belong to staff.

use chrono::{DateTime, Utc};
use entity::ProviderStatus;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use super::caller::System;
use super::rejection::Rejection;
use crate::error::Result;
use crate::secret;

const TOKEN_SQL: &str = "select t.id, t.provider_id, t.expires_at, t.revoked_at, p.status, \
    (t.created_by is null \
        or exists (select 1 from membership m where m.provider_id = t.provider_id and m.account_id = t.created_by) \
        or exists (select 1 from account a where a.id = t.created_by and a.staff)) as maker_acts \
    from service_token t join provider p on p.id = t.provider_id where ";

#[derive(FromQueryResult)]
struct ServiceTokenRow {
    id: i64,
    provider_id: i64,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    status: ProviderStatus,
    maker_acts: bool,
}

pub(super) async fn by_token(
    db: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Result<System, Rejection>> {
    Ok(match find(db, "t.hash = $1", secret::hash(token).into()).await? {
        None => Err(Rejection::UnknownServiceToken),
        Some(row) if row.expires_at <= now => Err(Rejection::Expired),
        Some(row) => row.system(),
    })
}

/// Returns the system again, with its current rights.
pub(super) async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<System>> {
    Ok(find(db, "t.id = $1", id.into()).await?.and_then(|row| row.system().ok()))
}

async fn find(db: &impl ConnectionTrait, condition: &str, value: Value) -> Result<Option<ServiceTokenRow>> {
    let sql = format!("{TOKEN_SQL}{condition}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [value]);
    Ok(ServiceTokenRow::find_by_statement(statement).one(db).await?)
}

impl ServiceTokenRow {
    fn system(self) -> Result<System, Rejection> {
        if self.revoked_at.is_some() {
            return Err(Rejection::Revoked);
        }
        if !self.maker_acts {
            return Err(Rejection::MakerGone);
        }
        // A closed or rejected provider may come back, so its systems can still read what its members can.
        let can_write = !matches!(self.status, ProviderStatus::Closed | ProviderStatus::Rejected);
        Ok(System { token: self.id, provider: self.provider_id, until: self.expires_at, can_write })
    }
}
