//! Creating accounts and signing in. Nothing here goes to the change log, which is about listings: a deleted account
//! must leave no trace.

use std::net::IpAddr;
use std::sync::Arc;

use entity::account::{self, Column};
use prometheus_client::metrics::counter::Counter;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};

use super::sign_up::{SignUp, normalize};
use crate::auth::{AccessToken, Auth};
use crate::budget::{self, Budgets};
use crate::clock::{Clock, Ids};
use crate::database::{Database, ReadPool};
use crate::error::{AppError, Result};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::mail::Outbox;
use crate::values;
use crate::write::{in_transaction, insert_new};

/// Accounts of a catalogue.
#[derive(Clone)]
pub struct Accounts {
    pub(super) auth: Arc<Auth>,
    pub(super) db: DatabaseConnection,
    pub(super) primary: ReadPool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<Ids>,
    pub(super) outbox: Outbox,
    /// Limits how many accounts can be created from one address.
    pub(super) budgets: Arc<Budgets>,
    /// Base address of the pages that links in emails lead to.
    pub(super) link_url: String,
    /// Number of refused sign-ins.
    pub refused_sign_ins: Counter,
}

/// Session with its secrets.
pub struct Session {
    /// Account of the session.
    pub account: account::Model,
    /// Access token.
    pub access: AccessToken,
    /// Refresh token, for the next access token.
    pub refresh_token: String,
}

/// Address from which a request comes, if known.
pub type Client = Option<IpAddr>;

/// Requested value, or the errors in the input.
pub type ValidationResult<T> = Result<T, Vec<ValidationError>>;

impl Accounts {
    /// Opens the accounts in a database. Links in emails lead to pages below `link_url`.
    pub fn new(
        auth: Arc<Auth>,
        outbox: Outbox,
        database: &Database,
        clock: Arc<dyn Clock>,
        link_url: &str,
        budgets: Arc<Budgets>,
    ) -> Self {
        Self {
            auth,
            db: database.write.clone(),
            primary: database.primary.clone(),
            ids: Arc::new(Ids::new(clock.clone())),
            clock,
            outbox,
            budgets,
            link_url: link_url.trim_end_matches('/').to_owned(),
            refused_sign_ins: Counter::default(),
        }
    }

    /// Returns an account by ID.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn find(&self, id: i64) -> Result<Option<account::Model>> {
        Ok(account::Entity::find_by_id(id).one(&self.primary).await?)
    }

    #[tracing::instrument(level = "debug", skip_all)]
    pub(super) async fn by_email(&self, email: &str) -> Result<Option<account::Model>> {
        Ok(account::Entity::find().filter(Column::Email.eq(email)).one(&self.primary).await?)
    }

    /// Creates an account and opens a session.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sign_up(&self, fields: &Fields, client: Client) -> Result<ValidationResult<Session>> {
        let sign_up = match SignUp::read(fields) {
            Ok(sign_up) => sign_up,
            Err(errors) => return Ok(Err(errors)),
        };
        self.auth.attempts.count_password(client, &sign_up.email)?;
        // Each account has its own budgets, so the number of accounts that one client can create must be limited.
        let counted = self.budgets.sign_ups.take(&budget::Client::at(client), 1);
        counted.map_err(|exceeded| AppError::RateLimited { seconds: exceeded.retry_after })?;
        let account = self.prepare(sign_up).await?;
        let new_session = in_transaction(&self.db, async |tx| match add(&tx, &account).await? {
            true => self.open(&tx, account.id).await.map(Some),
            false => Ok(None),
        });
        let Some(new_session) = new_session.await? else { return Ok(Err(email_taken())) };
        self.send_verification(account.clone());
        self.session(account, new_session).await.map(Ok)
    }

    /// Creates an account on behalf of the operator. Its address counts as verified.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn create(&self, fields: &Fields, staff: bool) -> Result<ValidationResult<account::Model>> {
        let sign_up = match SignUp::read(fields) {
            Ok(sign_up) => sign_up,
            Err(errors) => return Ok(Err(errors)),
        };
        let email_verified_at = Some(self.clock.now());
        let account = account::Model { staff, email_verified_at, ..self.prepare(sign_up).await? };
        let added = in_transaction(&self.db, async |tx| add(&tx, &account).await).await?;
        Ok(if added { Ok(account) } else { Err(email_taken()) })
    }

    async fn prepare(&self, sign_up: SignUp) -> Result<account::Model> {
        Ok(account::Model {
            id: self.ids.next(),
            email: sign_up.email,
            display_name: sign_up.display_name,
            password_hash: Some(self.auth.passwords.hash(sign_up.password).await?),
            staff: false,
            email_verified_at: None,
            created_at: self.clock.now(),
        })
    }

    /// Opens a session if the password is right. An unknown address takes as long as a wrong password.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sign_in(&self, email: &str, password: &str, client: Client) -> Result<ValidationResult<Session>> {
        let session = self.sign_in_with_password(email, password, client).await;
        if matches!(session, Ok(Err(_)) | Err(AppError::RateLimited { .. })) {
            self.refused_sign_ins.inc();
        }
        session
    }

    async fn sign_in_with_password(
        &self,
        email: &str,
        password: &str,
        client: Client,
    ) -> Result<ValidationResult<Session>> {
        let email = values::email(email);
        self.auth.attempts.count_password(client, email.as_deref().unwrap_or_default())?;
        let found = match email {
            Some(email) => self.by_email(&email).await?,
            None => None,
        };
        let stored_hash = found.as_ref().and_then(|account| account.password_hash.clone());
        let known = self.auth.passwords.verify(normalize(password), stored_hash).await?;
        let Some(account) = found.filter(|_| known) else {
            return Ok(refused(ValidationCode::WrongCredentials, "the address or the password is wrong"));
        };
        self.auth.attempts.succeeded(client, &account.email);
        let new_session = in_transaction(&self.db, async |tx| self.open(&tx, account.id).await).await?;
        self.session(account, new_session).await.map(Ok)
    }
}

/// Inserts an account unless its email address is taken.
async fn add(tx: &DatabaseTransaction, account: &account::Model) -> Result<bool> {
    insert_new::<account::Entity>(tx, account.clone(), [Column::Email]).await
}

/// Error of an input as a whole.
pub(super) fn refused<T>(code: ValidationCode, rule: impl Into<String>) -> ValidationResult<T> {
    Err(vec![ValidationError { path: Vec::new(), code, rule: rule.into() }])
}

fn email_taken() -> Vec<ValidationError> {
    vec![ValidationError::of("email", ValidationCode::Taken, "there is an account with this address")]
}
