//! Links sent by email. Each works once, for a limited time, and only for the address it was sent to.

use chrono::TimeDelta;
use entity::mail_token::{self, Column};
use entity::{MailPurpose, account};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::emails;
use super::service::Accounts;
use crate::auth::mark_verified;
use crate::error::Result;
use crate::mail::Mail;
use crate::secret::{MAIL_TOKEN, Secret, hash};
use crate::write::{in_transaction, insert};

impl Accounts {
    /// Sends an email with a new link, which replaces the previous one for the same purpose.
    pub(super) async fn mail_link(&self, account: &account::Model, purpose: MailPurpose) -> Result<()> {
        let (page, life, letter): (&str, TimeDelta, fn(&account::Model, &str) -> Mail) = match purpose {
            MailPurpose::VerifyEmail => ("verify-email", TimeDelta::days(1), emails::verify),
            MailPurpose::ResetPassword => ("reset-password", TimeDelta::hours(1), emails::reset),
        };
        let (token, now) = (Secret::new(MAIL_TOKEN)?, self.clock.now());
        let row = mail_token::Model {
            hash: token.hash(),
            account_id: account.id,
            purpose,
            email: account.email.clone(),
            created_at: now,
            expires_at: now + life,
        };
        in_transaction(&self.db, async |tx| {
            let before = mail_token::Entity::delete_many().filter(Column::AccountId.eq(account.id));
            before.filter(Column::Purpose.eq(purpose)).exec(&*tx).await?;
            insert::<mail_token::Entity>(&*tx, vec![row.clone()]).await
        })
        .await?;
        self.outbox.send_now(letter(account, &self.address(page, &token.reveal()))).await;
        Ok(())
    }

    /// Returns the address of a page with a token. The token is in the fragment, which browsers do not send to servers.
    fn address(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.link_url)
    }

    /// Queues an email with a link to a page with a token.
    pub fn send_link(&self, page: &str, token: &str, letter: impl FnOnce(&str) -> Mail) {
        self.outbox.send(letter(&self.address(page, token)));
    }

    /// Returns the stored token behind a link, if it is valid for this purpose.
    pub(super) async fn find_link(&self, token: &str, purpose: MailPurpose) -> Result<Option<mail_token::Model>> {
        let sent = mail_token::Entity::find_by_id(hash(token)).filter(Column::Purpose.eq(purpose));
        Ok(sent.filter(Column::ExpiresAt.gt(self.clock.now())).one(&self.primary).await?)
    }

    /// Uses up a token and marks its address as verified. Of two concurrent requests only one succeeds.
    pub(super) async fn redeem_link(&self, tx: &DatabaseTransaction, sent: &mail_token::Model) -> Result<bool> {
        if mail_token::Entity::delete_by_id(&sent.hash).exec(tx).await?.rows_affected == 0 {
            return Ok(false);
        }
        mark_verified(tx, (sent.account_id, &sent.email), self.clock.now()).await
    }
}
