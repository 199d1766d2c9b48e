//! From a token to the caller. One statement says whether it still holds and what its owner may do.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::{MemberRole, service_token};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, Statement, Value,
};
use serde::Deserialize;

use super::attempts::Attempts;
use super::caller::{Caller, Person, System};
use super::external::External;
use super::keys::Keys;
use super::newcomers::take_in;
use super::passwords::Passwords;
use super::secret;
use super::tokens::{Subject, Tokens};
use crate::clock::{Clock, Ids};
use crate::config::Settings;
use crate::database::{Database, Reading};
use crate::error::{AppError, Result};

/// Longer tokens are refused unread.
const LONGEST: usize = 8 * 1024;

/// All that is needed to know who somebody is.
pub struct Auth {
    /// Access tokens.
    pub tokens: Tokens,
    /// Passwords.
    pub passwords: Passwords,
    /// How often somebody may try one.
    pub attempts: Attempts,
    external: Option<External>,
    ids: Ids,
    write: DatabaseConnection,
    /// Where rights are read: the primary, so that one that was taken away is gone at once.
    db: Reading,
    clock: Arc<dyn Clock>,
}

/// A caller who has shown a token.
pub struct Identified {
    /// Who it is.
    pub caller: Caller,
    /// Until when the token is good.
    pub until: DateTime<Utc>,
}

impl Auth {
    /// For a catalogue with these settings.
    pub async fn open(settings: &Settings, database: &Database, clock: Arc<dyn Clock>) -> Result<Self> {
        let keys = Keys::open(database, clock.clone()).await?;
        let tokens = Tokens::new(keys, &settings.token_issuer, &settings.token_audience, clock.clone());
        let attempts = Attempts::new(clock.clone());
        Ok(Self {
            tokens,
            passwords: Passwords::default(),
            attempts,
            external: External::open(settings, clock.clone())?,
            ids: Ids::new(clock.clone()),
            write: database.write.clone(),
            db: database.primary.clone(),
            clock,
        })
    }

    /// Who has sent this token. `Unauthenticated` where it is not good, for whatever reason.
    pub async fn identify(&self, token: &str) -> Result<Identified> {
        if token.len() > LONGEST {
            return Err(AppError::Unauthenticated);
        }
        if token.starts_with(secret::SERVICE_TOKEN) {
            return self.system(token).await;
        }
        match &self.external {
            Some(external) if issuer(token).as_ref() == Some(&external.issuer) => self.sent_here(external, token).await,
            Some(_) | None => self.person(self.tokens.verify(token).await?).await,
        }
    }

    /// Somebody whom another identity provider has sent. An account is made for them at first sight.
    async fn sent_here(&self, external: &External, token: &str) -> Result<Identified> {
        let claims = external.verify(token).await?;
        let values = || [external.issuer.as_str().into(), claims.sub.as_str().into()];
        let mut rights = self.rights(IDENTITY, values()).await?;
        if rights.is_empty() {
            let new = (self.ids.next(), self.clock.now());
            take_in(&self.write, new, &external.issuer, &claims).await?;
            rights = self.rights(IDENTITY, values()).await?;
        }
        identified(rights, None, claims.until()?)
    }

    async fn person(&self, subject: Subject) -> Result<Identified> {
        let values = [subject.session.into(), subject.account.into(), self.clock.now().into()];
        identified(self.rights(SESSION, values).await?, Some(subject.session), subject.until)
    }

    async fn rights(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<Right>> {
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        Ok(Right::find_by_statement(statement).all(&self.db).await?)
    }

    async fn system(&self, token: &str) -> Result<Identified> {
        use service_token::Column;
        let found = service_token::Entity::find()
            .filter(Column::Hash.eq(secret::hash(token)))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(self.clock.now()));
        let row = found.one(&self.db).await?.ok_or(AppError::Unauthenticated)?;
        let caller = Caller::System(System { token: row.id, provider: row.provider_id, until: row.expires_at });
        Ok(Identified { caller, until: row.expires_at })
    }
}

/// What somebody may do: a row for each membership, and one where there is none.
#[derive(Clone, Copy, FromQueryResult)]
struct Right {
    id: i64,
    staff: bool,
    provider_id: Option<i64>,
    role: Option<MemberRole>,
}

const SESSION: &str = "select a.id, a.staff, m.provider_id, m.role from session s \
                       join account a on a.id = s.account_id left join membership m on m.account_id = a.id \
                       where s.id = $1 and s.account_id = $2 and s.ended_at is null and s.expires_at > $3";
const IDENTITY: &str = "select a.id, a.staff, m.provider_id, m.role from identity i \
                        join account a on a.id = i.account_id left join membership m on m.account_id = a.id \
                        where i.issuer = $1 and i.subject = $2";

fn identified(rights: Vec<Right>, session: Option<i64>, until: DateTime<Utc>) -> Result<Identified> {
    let Right { id: account, staff, .. } = rights.first().copied().ok_or(AppError::Unauthenticated)?;
    let memberships = rights.into_iter().filter_map(|row| Some((row.provider_id?, row.role?))).collect();
    Ok(Identified { caller: Caller::Person(Person { account, session, staff, memberships }), until })
}

/// Whom a token names as its issuer. It decides no more than by whose keys the token is judged.
fn issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        iss: String,
    }
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Named>(&claims).ok().map(|named| named.iss)
}
