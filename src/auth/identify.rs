//! From a token to the caller. One statement says whether it still holds and what its owner may do.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{MemberRole, service_token};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Statement};

use super::attempts::Attempts;
use super::caller::{Caller, Person, System};
use super::keys::Keys;
use super::passwords::Passwords;
use super::secret;
use super::tokens::{Subject, Tokens};
use crate::clock::Clock;
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
        Ok(Self { tokens, passwords: Passwords::default(), attempts, db: database.primary.clone(), clock })
    }

    /// Who has sent this token. `Unauthenticated` where it is not good, for whatever reason.
    pub async fn identify(&self, token: &str) -> Result<Identified> {
        if token.len() > LONGEST {
            return Err(AppError::Unauthenticated);
        }
        if token.starts_with(secret::SERVICE_TOKEN) {
            return self.system(token).await;
        }
        self.person(self.tokens.verify(token).await?).await
    }

    async fn person(&self, subject: Subject) -> Result<Identified> {
        let values = [subject.session.into(), subject.account.into(), self.clock.now().into()];
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), PERSON, values);
        let rows = Right::find_by_statement(statement).all(&self.db).await?;
        let Some(Right { staff, .. }) = rows.first().copied() else { return Err(AppError::Unauthenticated) };
        let memberships = rows.into_iter().filter_map(|row| Some((row.provider_id?, row.role?))).collect();
        let (account, session) = (subject.account, Some(subject.session));
        let caller = Caller::Person(Person { account, session, staff, memberships });
        Ok(Identified { caller, until: subject.until })
    }

    async fn system(&self, token: &str) -> Result<Identified> {
        use service_token::Column;
        let found = service_token::Entity::find()
            .filter(Column::Hash.eq(secret::hash(token)))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(self.clock.now()));
        let row = found.one(&self.db).await?.ok_or(AppError::Unauthenticated)?;
        let caller = Caller::System(System { token: row.id, provider: row.provider_id });
        Ok(Identified { caller, until: row.expires_at })
    }
}

/// What somebody may do: a row for each membership, and one where there is none.
#[derive(Clone, Copy, FromQueryResult)]
struct Right {
    staff: bool,
    provider_id: Option<i64>,
    role: Option<MemberRole>,
}

const PERSON: &str = "select a.staff, m.provider_id, m.role from session s \
                      join account a on a.id = s.account_id left join membership m on m.account_id = a.id \
                      where s.id = $1 and s.account_id = $2 and s.ended_at is null and s.expires_at > $3";
