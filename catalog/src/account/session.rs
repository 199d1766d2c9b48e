//! Sessions: a chain of refresh tokens, each replaced by the next when it is used.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, refresh_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::service::{Accounts, Session, ValidationResult, refused};
use crate::error::{AppError, Result};
use crate::input::ValidationCode;
use crate::secret::{REFRESH_TOKEN, Secret, hash, invalidate};
use crate::write::{in_transaction, insert};

const SESSION_LIFETIME: TimeDelta = TimeDelta::days(30);
/// Time after its first use within which a refresh token can be used again.
const REUSE_INTERVAL: TimeDelta = TimeDelta::seconds(30);

/// Stored session with its newest refresh token.
pub(super) struct NewSession {
    id: i64,
    refresh_token: String,
}

impl Accounts {
    /// Opens a session and deletes expired ones of the account, so that they do not pile up.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(super) async fn open(&self, tx: &DatabaseTransaction, account_id: i64) -> Result<NewSession> {
        use session::Column;
        let (id, now) = (self.ids.next(), self.clock.now());
        let over = session::Entity::delete_many().filter(Column::AccountId.eq(account_id));
        over.filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
        let row =
            session::Model { id, account_id, created_at: now, expires_at: now + SESSION_LIFETIME, ended_at: None };
        insert::<session::Entity>(tx, vec![row]).await?;
        Ok(NewSession { id, refresh_token: self.add_token(tx, id).await? })
    }

    async fn add_token(&self, tx: &DatabaseTransaction, session_id: i64) -> Result<String> {
        let token = Secret::new(REFRESH_TOKEN)?;
        let row = refresh_token::Model { hash: token.hash(), session_id, created_at: self.clock.now(), used_at: None };
        insert::<refresh_token::Entity>(tx, vec![row]).await?;
        Ok(token.reveal())
    }

    /// Issues an access token for a session.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(super) async fn session(&self, account: account::Model, new_session: NewSession) -> Result<Session> {
        let access = self.auth.tokens.issue(account.id, new_session.id).await?;
        Ok(Session { account, access, refresh_token: new_session.refresh_token })
    }

    /// Continues the session of a refresh token. A token can be used again within `REUSE_INTERVAL` of its first use:
    /// two tabs of one browser refresh at the same moment, and a response may be lost. Later use is a sign of theft and
    /// ends the session.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn refresh(&self, token: &str) -> Result<ValidationResult<Session>> {
        let hash = hash(token);
        let renewed = in_transaction(&self.db, async |tx| {
            let is_first_use = self.mark_used(&tx, &hash).await?;
            let Some(token) = refresh_token::Entity::find_by_id(&hash).one(&*tx).await? else { return Ok(None) };
            // The first use may lie slightly in the future, because the clocks of two processes can differ.
            let is_recent = |used_at: DateTime<Utc>| (self.clock.now() - used_at).abs() <= REUSE_INTERVAL;
            if !is_first_use && !token.used_at.is_some_and(is_recent) {
                self.end_sessions(&tx, session::Column::Id.eq(token.session_id)).await?;
                return Ok(None);
            }
            let session = session::Entity::find_by_id(token.session_id).one(&*tx).await?;
            let is_live = |row: &session::Model| row.ended_at.is_none() && row.expires_at > self.clock.now();
            let Some(session) = session.filter(is_live) else { return Ok(None) };
            let refresh_token = self.add_token(&tx, session.id).await?;
            Ok(Some((session.account_id, NewSession { id: session.id, refresh_token })))
        });
        let Some((account, new_session)) = renewed.await? else {
            return Ok(refused(ValidationCode::Expired, "is not good any more: sign in again"));
        };
        let account = self.find(account).await?.ok_or(AppError::Unauthenticated)?;
        self.session(account, new_session).await.map(Ok)
    }

    /// Marks a token as used. Returns whether it existed and was unused.
    async fn mark_used(&self, tx: &DatabaseTransaction, hash: &str) -> Result<bool> {
        use refresh_token::Column;
        let (now, token) = (self.clock.now(), Column::Hash.eq(hash));
        Ok(invalidate::<refresh_token::Entity>(tx, Column::UsedAt, now, token).await? > 0)
    }

    /// Ends the session of a refresh token, used or not. An unknown token has no session.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let hash = hash(token);
        in_transaction(&self.db, async |tx| match refresh_token::Entity::find_by_id(&hash).one(&*tx).await? {
            Some(token) => self.end_sessions(&tx, session::Column::Id.eq(token.session_id)).await,
            None => Ok(()),
        })
        .await
    }

    /// Ends the sessions that meet a condition.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(super) async fn end_sessions(&self, tx: &DatabaseTransaction, condition: Expr) -> Result<()> {
        invalidate::<session::Entity>(tx, session::Column::EndedAt, self.clock.now(), condition).await?;
        Ok(())
    }
}
