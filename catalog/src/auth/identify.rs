//! Identifies the caller behind a token. One statement checks whether the token is still valid and what its owner may
//! do.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::MemberRole;
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement, Value};
use serde::Deserialize;

use super::attempts::Attempts;
use super::caller::{Caller, Person};
use super::external::{ExternalClaims, ExternalProvider, ExternalSettings};
use super::external_identity::{AddressChange, ExternalPerson, is_taken, tombstone_of};
use super::keys::Keys;
use super::passwords::Passwords;
use super::rejection::{IdentifyError, Rejection};
use super::service_tokens;
use super::tokens::{Subject, Tokens, part};
use crate::clock::{Clock, Ids};
use crate::database::{Database, ReadPool};
use crate::error::{AppError, Result};
use crate::secret;

/// Maximum length of a token. Longer ones are rejected without parsing.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Settings of authentication.
#[derive(Clone, Debug)]
pub struct AuthSettings {
    /// Issuer of our own access tokens (`iss`).
    pub issuer: String,
    /// Audience of our own access tokens (`aud`).
    pub audience: String,
    /// Another identity provider whose tokens are accepted as well.
    pub external: Option<ExternalSettings>,
}

/// Everything needed to identify callers.
pub struct Auth {
    /// Access tokens.
    pub tokens: Tokens,
    /// Passwords.
    pub passwords: Passwords,
    /// Limits on sign-in attempts.
    pub attempts: Attempts,
    external: Option<ExternalProvider>,
    ids: Ids,
    write: DatabaseConnection,
    /// Rights are read from the primary, so that revoking one takes effect at once.
    db: ReadPool,
    clock: Arc<dyn Clock>,
}

/// Caller with a valid token.
pub struct Identified {
    /// Caller behind the token.
    pub caller: Caller,
    /// Time when the token expires.
    pub until: DateTime<Utc>,
}

impl Auth {
    /// Opens authentication for a catalogue with these settings.
    pub async fn open(settings: &AuthSettings, database: &Database, clock: Arc<dyn Clock>) -> Result<Self> {
        let keys = Keys::open(database, clock.clone()).await?;
        let AuthSettings { issuer, audience, external } = settings.clone();
        let external = external.map(|settings| ExternalProvider::open(settings, clock.clone()));
        Ok(Self {
            tokens: Tokens { keys, issuer, audience, clock: clock.clone() },
            passwords: Passwords::default(),
            attempts: Attempts::new(clock.clone()),
            external: external.transpose()?,
            ids: Ids::new(clock.clone()),
            write: database.write.clone(),
            db: database.primary.clone(),
            clock,
        })
    }

    /// Returns the caller behind a token.
    pub async fn identify(&self, token: &str) -> Result<Identified, IdentifyError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Rejection::TooLong.into());
        }
        if token.starts_with(secret::SERVICE_TOKEN) {
            let system = service_tokens::by_token(&self.db, token, self.clock.now()).await??;
            return Ok(Identified { until: system.until, caller: Caller::System(system) });
        }
        let issuer = issuer(token);
        match &self.external {
            Some(external) if issuer.as_ref() == Some(&external.settings.issuer) => {
                self.identify_external(external, token).await
            }
            Some(_) if issuer.is_some_and(|issuer| issuer != self.tokens.issuer) => {
                Err(Rejection::UnknownIssuer.into())
            }
            Some(_) | None => self.identify_person(self.tokens.verify(token).await?).await,
        }
    }

    /// Identifies a person from another identity provider. Creates an account when they first appear.
    async fn identify_external(&self, external: &ExternalProvider, token: &str) -> Result<Identified, IdentifyError> {
        let claims = external.verify(token).await?;
        let issuer = &external.settings.issuer;
        let visitor = ExternalPerson { issuer, claims: &claims, now: self.clock.now() };
        let known = self.find_identity(issuer, &claims).await?;
        let known = match known.first() {
            None => {
                visitor.admit(&self.write, self.ids.next()).await?;
                self.find_identity(issuer, &claims).await?
            }
            Some(row) if row.deleted_at.is_some_and(|at| claims.iat <= at) => {
                return Err(Rejection::AccountDeleted.into());
            }
            Some(row) => {
                if let Some(change) = self.address_change(row, &claims).await? {
                    visitor.apply_change(&self.write, row.right.id, &change).await?;
                }
                known
            }
        };
        let person = to_person(known.into_iter().map(|row| row.right).collect())?;
        let caller = Caller::Person(Person { token_issued_at: Some(claims.iat), ..person });
        Ok(Identified { caller, until: claims.exp })
    }

    async fn identify_person(&self, subject: Subject) -> Result<Identified, IdentifyError> {
        let values = [subject.session.into(), subject.account.into(), self.clock.now().into()];
        let rights = RightsRow::find_by_statement(self.statement(SESSION_SQL, values)).all(&self.db).await;
        let person = to_person(rights.map_err(AppError::from)?)?;
        let caller = Caller::Person(Person { session: Some(subject.session), ..person });
        Ok(Identified { caller, until: subject.until })
    }

    async fn find_identity(&self, issuer: &str, claims: &ExternalClaims) -> Result<Vec<IdentityRow>> {
        let tombstone = tombstone_of(issuer, &claims.sub);
        let values = [issuer.into(), claims.sub.as_str().into(), tombstone.into()];
        Ok(IdentityRow::find_by_statement(self.statement(IDENTITY_SQL, values)).all(&self.db).await?)
    }

    /// Returns how a token changes the person's email address. Checks this without a write transaction, because the
    /// same token comes with every request.
    async fn address_change(&self, known: &IdentityRow, claims: &ExternalClaims) -> Result<Option<AddressChange>> {
        if known.claims_at.is_some_and(|newest| claims.iat < newest) {
            return Ok(None);
        }
        let change = AddressChange::of(claims, &known.email, known.email_verified_at.is_some());
        Ok(match change {
            Some(AddressChange::Moved(email)) if is_taken(&self.db, &email, known.right.id).await? => None,
            change => change,
        })
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }
}

/// Rights of a person: one row for each membership, or one row if there is none.
#[derive(Clone, Copy, FromQueryResult)]
struct RightsRow {
    id: i64,
    staff: bool,
    provider_id: Option<i64>,
    role: Option<MemberRole>,
}

/// Rights of a person from another identity provider, with the data to compare to the claims.
#[derive(FromQueryResult)]
struct IdentityRow {
    #[sea_orm(nested)]
    right: RightsRow,
    email: String,
    email_verified_at: Option<DateTime<Utc>>,
    /// Time when the newest token was issued whose claims were applied.
    claims_at: Option<DateTime<Utc>>,
    /// Time when an earlier account of the person was deleted.
    deleted_at: Option<DateTime<Utc>>,
}

const SESSION_SQL: &str = "select a.id, a.staff, m.provider_id, m.role from session s \
                       join account a on a.id = s.account_id left join membership m on m.account_id = a.id \
                       where s.id = $1 and s.account_id = $2 and s.ended_at is null and s.expires_at > $3";
const IDENTITY_SQL: &str = "select a.id, a.staff, m.provider_id, m.role, a.email, a.email_verified_at, \
                        i.claims_at, t.deleted_at \
                        from identity i join account a on a.id = i.account_id \
                        left join membership m on m.account_id = a.id \
                        left join identity_tombstone t on t.hash = $3 where i.issuer = $1 and i.subject = $2";

fn to_person(rights: Vec<RightsRow>) -> Result<Person, Rejection> {
    let RightsRow { id: account, staff, .. } = rights.first().copied().ok_or(Rejection::SessionEnded)?;
    let memberships = rights.into_iter().filter_map(|row| Some((row.provider_id?, row.role?))).collect();
    Ok(Person { account, session: None, staff, token_issued_at: None, memberships })
}

/// Reads the issuer from an unverified token. It only decides whose keys verify the token.
fn issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct IssuerClaim {
        iss: String,
    }
    part::<IssuerClaim>(token, 1).map(|named| named.iss)
}
