//! Links sent by mail: each good once, for some time, and for the address that it was sent to.

use chrono::TimeDelta;
use entity::mail_token::{self, Column};
use entity::{MailPurpose, account};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::service::Accounts;
use crate::auth::secret::{MAIL_TOKEN, Secret, hash};
use crate::error::Result;
use crate::form::{Fault, FaultCode};
use crate::mail::Mail;
use crate::write::{in_transaction, insert};

impl Accounts {
    /// A new link, which takes the place of the one that was sent before.
    pub(super) async fn link(&self, account: &account::Model, purpose: MailPurpose) -> Result<String> {
        let (token, now) = (Secret::new(MAIL_TOKEN)?, self.clock.now());
        let (page, life) = match purpose {
            MailPurpose::VerifyEmail => ("verify-email", TimeDelta::days(1)),
            MailPurpose::ResetPassword => ("reset-password", TimeDelta::hours(1)),
        };
        let (account_id, email) = (account.id, account.email.clone());
        let row = mail_token::Model {
            hash: token.hash(),
            account_id,
            purpose,
            email,
            created_at: now,
            expires_at: now + life,
        };
        in_transaction(&self.db, async |tx| {
            let before = mail_token::Entity::delete_many().filter(Column::AccountId.eq(account_id));
            before.filter(Column::Purpose.eq(purpose)).exec(&*tx).await?;
            insert::<mail_token::Entity>(&*tx, vec![row.clone()]).await
        })
        .await?;
        Ok(self.address(page, &token.reveal()))
    }

    /// A page with a token. It stands after the number sign: browsers send that part to nobody.
    fn address(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.link_url)
    }

    /// Sends a letter later that holds a link to a page with a token.
    pub fn send_link(&self, page: &str, token: &str, letter: impl FnOnce(&str) -> Mail) {
        self.outbox.send(letter(&self.address(page, token)));
    }

    /// What a token from a link was sent for, if it is good.
    pub(super) async fn sent(&self, token: &str, purpose: MailPurpose) -> Result<Option<mail_token::Model>> {
        let sent = mail_token::Entity::find_by_id(hash(token)).filter(Column::Purpose.eq(purpose));
        Ok(sent.filter(Column::ExpiresAt.gt(self.clock.now())).one(&self.primary).await?)
    }

    /// Uses a token up, and takes its address for verified. Of two who use it at the same moment one comes second.
    pub(super) async fn use_link(&self, tx: &DatabaseTransaction, sent: &mail_token::Model) -> Result<bool> {
        if mail_token::Entity::delete_by_id(&sent.hash).exec(tx).await?.rows_affected == 0 {
            return Ok(false);
        }
        use account::Column;
        let verified = Func::coalesce([Expr::col(Column::EmailVerifiedAt), Expr::value(self.clock.now())]);
        let verify = account::Entity::update_many().col_expr(Column::EmailVerifiedAt, verified.into());
        let verify = verify.filter(Column::Id.eq(sent.account_id)).filter(Column::Email.eq(&sent.email));
        Ok(verify.exec(tx).await?.rows_affected > 0)
    }
}

/// The fault of a token that is not good.
pub fn no_good() -> Fault {
    Fault::of("token", FaultCode::Expired, "is not good any more: ask for a new link")
}
