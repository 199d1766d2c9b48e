//! Verification of email addresses and new passwords.

use entity::account::{self, Column};
use entity::{MailPurpose, mail_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::emails;
use super::service::{Accounts, Client, Session, ValidationResult};
use super::sign_up::{check_password, normalize};
use crate::error::{AppError, Result};
use crate::input::{ValidationCode, ValidationError, value};
use crate::write::in_transaction;

impl Accounts {
    /// Queues the email with the link that verifies an address. A failure is logged and stops nothing.
    pub(super) fn send_verification(&self, account: account::Model) {
        let accounts = self.clone();
        self.outbox.later(async move {
            if let Err(error) = accounts.mail_link(&account, MailPurpose::VerifyEmail).await {
                tracing::error!(cause = error.cause(), "a link cannot be made");
            }
        });
    }

    /// Counts an email to an account and returns the account. Fails with RATE_LIMITED if there are too many.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn count_letter(&self, id: i64, client: Client) -> Result<account::Model> {
        let account = self.find(id).await?.ok_or(AppError::Unauthenticated)?;
        self.auth.attempts.count_letter(client, &account.email)?;
        Ok(account)
    }

    /// Sends the verification email again, unless the address is verified.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn request_verification(&self, id: i64, client: Client) -> Result<()> {
        let account = self.count_letter(id, client).await?;
        if account.email_verified_at.is_none() {
            self.send_verification(account);
        }
        Ok(())
    }

    /// Verifies the address that a link was sent to.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn verify_email(&self, token: &str) -> Result<ValidationResult<account::Model>> {
        let Some(sent) = self.find_link(token, MailPurpose::VerifyEmail).await? else {
            return Ok(Err(vec![ValidationError::expired_link()]));
        };
        let used = in_transaction(&self.db, async |tx| self.redeem_link(&tx, &sent).await).await?;
        let account = if used { self.find(sent.account_id).await? } else { None };
        Ok(account.ok_or_else(|| vec![ValidationError::expired_link()]))
    }

    /// Sends the link to choose a new password, if the address has an account. The lookup runs later too, so that
    /// response and timing do not reveal whether there is one.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn request_reset(&self, email: &str, client: Client) -> Result<ValidationResult<()>> {
        let email = match value::email(&json!(email)) {
            Ok(email) => email,
            Err(rule) => return Ok(Err(vec![rule.at("email")])),
        };
        self.auth.attempts.count_letter(client, &email)?;
        let accounts = self.clone();
        self.outbox.later(async move {
            if let Err(error) = accounts.send_reset(&email).await {
                tracing::error!(cause = error.cause(), "a link cannot be made");
            }
        });
        Ok(Ok(()))
    }

    async fn send_reset(&self, email: &str) -> Result<()> {
        match self.by_email(email).await? {
            Some(account) => self.mail_link(&account, MailPurpose::ResetPassword).await,
            None => Ok(()),
        }
    }

    /// Sets a new password chosen through a link and ends all sessions, so that anyone who knew the old one is signed
    /// out.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn reset_password(&self, token: &str, password: &str) -> Result<ValidationResult<account::Model>> {
        let password = match check_password(password) {
            Ok(password) => password,
            Err(rule) => return Ok(Err(vec![rule.at("password")])),
        };
        let Some(sent) = self.find_link(token, MailPurpose::ResetPassword).await? else {
            return Ok(Err(vec![ValidationError::expired_link()]));
        };
        let hash = self.auth.passwords.hash(password).await?;
        let used = in_transaction(&self.db, async |tx| {
            let used = self.redeem_link(&tx, &sent).await?;
            if used {
                self.set_password(&tx, sent.account_id, &hash).await?;
            }
            Ok(used)
        });
        if !used.await? {
            return Ok(Err(vec![ValidationError::expired_link()]));
        }
        let account = self.find(sent.account_id).await?.ok_or(AppError::Unauthenticated)?;
        self.outbox.send(emails::changed(&account));
        Ok(Ok(account))
    }

    /// Changes the password if the current one is right. Ends all sessions and opens a new one.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn change_password(
        &self,
        id: i64,
        (current, new): (&str, &str),
        client: Client,
    ) -> Result<ValidationResult<Session>> {
        let new = match check_password(new) {
            Ok(password) => password,
            Err(rule) => return Ok(Err(vec![rule.at("newPassword")])),
        };
        let Some(account) = self.confirm(id, Some(current), client).await? else {
            return Ok(Err(vec![wrong_password("currentPassword")]));
        };
        let hash = self.auth.passwords.hash(new).await?;
        let new_session = in_transaction(&self.db, async |tx| {
            self.set_password(&tx, account.id, &hash).await?;
            self.open(&tx, account.id).await
        });
        let new_session = new_session.await?;
        self.outbox.send(emails::changed(&account));
        self.session(account, new_session).await.map(Ok)
    }

    /// Returns the account if this is its password. `None` is right for an account without a password.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub(super) async fn confirm(
        &self,
        id: i64,
        password: Option<&str>,
        client: Client,
    ) -> Result<Option<account::Model>> {
        let account = self.find(id).await?.ok_or(AppError::Unauthenticated)?;
        self.auth.attempts.count_password(client, &account.email)?;
        let known = match (password, &account.password_hash) {
            (Some(password), Some(hash)) => self.auth.passwords.verify(normalize(password), Some(hash.clone())).await?,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if known {
            self.auth.attempts.succeeded(client, &account.email);
        }
        Ok(known.then_some(account))
    }

    async fn set_password(&self, tx: &DatabaseTransaction, account: i64, hash: &str) -> Result<()> {
        let set = account::Entity::update_many().col_expr(Column::PasswordHash, Expr::value(hash));
        set.filter(Column::Id.eq(account)).exec(tx).await?;
        let links = mail_token::Entity::delete_many().filter(mail_token::Column::AccountId.eq(account));
        links.filter(mail_token::Column::Purpose.eq(MailPurpose::ResetPassword)).exec(tx).await?;
        self.end_sessions(tx, session::Column::AccountId.eq(account)).await
    }
}

pub(super) fn wrong_password(argument: &str) -> ValidationError {
    ValidationError::of(argument, ValidationCode::WrongCredentials, "is not the password of this account")
}
