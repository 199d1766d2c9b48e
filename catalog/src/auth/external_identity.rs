//! Accounts of people from another identity provider. The pair of issuer and subject identifies the account. An email
//! address only leads to one the first time.

use chrono::{DateTime, Utc};
use entity::{account, identity, identity_tombstone, mail_token, service_token, session};
use sea_orm::sea_query::{Expr, Func, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::Value;

use super::external::ExternalClaims;
use super::rejection::{IdentifyError, Rejection};
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NAME_CHARS, line};
use crate::secret::{hash, invalidate};
use crate::write::{in_transaction, insert, insert_new, save};

/// Returns the key under which the tombstone of a subject is stored.
pub fn tombstone_of(issuer: &str, subject: &str) -> String {
    // No issuer contains a line break, so no two pairs produce the same text.
    hash(&format!("{issuer}\n{subject}"))
}

/// Stores tombstones for all identities of an account that is about to be deleted. Tokens issued up to this time are
/// rejected from then on.
pub async fn add_tombstones(tx: &DatabaseTransaction, account: i64, deleted_at: DateTime<Utc>) -> Result<()> {
    let identities = identity::Entity::find().filter(identity::Column::AccountId.eq(account)).all(tx).await?;
    let tombstone = |identity: identity::Model| identity_tombstone::Model {
        hash: tombstone_of(&identity.issuer, &identity.subject),
        // The clock may have been set back since the newest token was accepted.
        deleted_at: identity.claims_at.map_or(deleted_at, |newest| std::cmp::max(newest, deleted_at)),
    };
    save::<identity_tombstone::Entity>(tx, identities.into_iter().map(tombstone).collect()).await
}

/// Person sent by another identity provider.
#[derive(Clone, Copy)]
pub(super) struct ExternalPerson<'a> {
    pub issuer: &'a str,
    pub claims: &'a ExternalClaims,
    pub now: DateTime<Utc>,
}

impl ExternalPerson<'_> {
    /// Links an unknown person to the account with their address if that is safe, or to a new account with this ID.
    /// Requires an address that the identity provider has verified, because anyone could claim somebody else's.
    pub(super) async fn admit(self, db: &DatabaseConnection, id: i64) -> Result<(), IdentifyError> {
        let email = self.claims.verified_email().ok_or(Rejection::NoVerifiedAddress)?;
        let new = account::Model {
            id,
            display_name: name(self.claims, &email),
            email,
            password_hash: None,
            staff: false,
            email_verified_at: Some(self.now),
            created_at: self.now,
        };
        let admitted = in_transaction(db, async |tx| {
            if self.is_known(&*tx).await? {
                return Ok(Ok(()));
            }
            if self.has_tombstone(&*tx).await? {
                return Ok(Err(Rejection::AccountDeleted));
            }
            if insert_new::<account::Entity>(&*tx, new.clone(), [account::Column::Email]).await? {
                return self.link(&*tx, id).await.map(Ok);
            }
            let account = match self.find(&tx, &new.email).await? {
                Ok(account) => account,
                Err(rejection) => return Ok(Err(rejection)),
            };
            if account.email_verified_at.is_none() {
                self.evict(&tx, &account).await?;
            }
            self.link(&*tx, account.id).await.map(Ok)
        });
        Ok(admitted.await??)
    }

    async fn is_known(self, db: &impl ConnectionTrait) -> Result<bool> {
        let pair = (self.issuer.to_owned(), self.claims.sub.clone());
        Ok(identity::Entity::find_by_id(pair).one(db).await?.is_some())
    }

    /// Whether an account of this person was deleted after the token was issued.
    async fn has_tombstone(&self, db: &impl ConnectionTrait) -> Result<bool> {
        let tombstone = identity_tombstone::Entity::find_by_id(tombstone_of(self.issuer, &self.claims.sub));
        Ok(tombstone.one(db).await?.is_some_and(|tombstone| self.claims.iat <= tombstone.deleted_at))
    }

    /// Returns the account with an address, locked, unless it belongs to another subject of the issuer. Addresses are
    /// reassigned when people leave, and the new owner must not get the account.
    async fn find(self, tx: &DatabaseTransaction, email: &str) -> Result<Result<account::Model, Rejection>> {
        let found = account::Entity::find().filter(account::Column::Email.eq(email)).lock(LockType::NoKeyUpdate);
        let found = found.one(tx).await?;
        let account = found.ok_or_else(|| AppError::Conflict("the account has just been deleted".to_owned()))?;
        let others = identity::Entity::find().filter(identity::Column::Issuer.eq(self.issuer));
        // Another request may have linked this very subject in the meantime.
        let others = others.filter(identity::Column::Subject.ne(&self.claims.sub));
        let others = others.filter(identity::Column::AccountId.eq(account.id)).count(tx).await?;
        Ok(if others == 0 { Ok(account) } else { Err(Rejection::AddressTaken) })
    }

    async fn link(self, db: &impl ConnectionTrait, account_id: i64) -> Result<()> {
        let (issuer, subject) = (self.issuer.to_owned(), self.claims.sub.clone());
        let claims_at = Some(self.claims.iat);
        let row = identity::Model { issuer, subject, account_id, created_at: self.now, claims_at };
        // If another request has linked the same pair, the transaction is retried and finds it.
        insert::<identity::Entity>(db, vec![row]).await
    }

    /// Transfers an account from somebody who never verified its address to the person who did. Removes the password,
    /// the sessions, the links and the service tokens that the former owner created.
    async fn evict(self, tx: &DatabaseTransaction, account: &account::Model) -> Result<()> {
        use account::Column;
        let take = account::Entity::update_many().col_expr(Column::EmailVerifiedAt, Expr::value(self.now));
        let take = take.col_expr(Column::PasswordHash, Expr::value(None::<String>));
        take.filter(Column::Id.eq(account.id)).exec(tx).await?;
        let sessions = session::Column::AccountId.eq(account.id);
        invalidate::<session::Entity>(tx, session::Column::EndedAt, self.now, sessions).await?;
        mail_token::Entity::delete_many().filter(mail_token::Column::AccountId.eq(account.id)).exec(tx).await?;
        revoke_tokens_made_by(tx, account.id, self.now).await
    }

    /// Applies a change of address to the account of a known person.
    pub(super) async fn apply_change(
        self,
        db: &DatabaseConnection,
        account: i64,
        change: &AddressChange,
    ) -> Result<()> {
        let followed = in_transaction(db, async |tx| {
            if !self.is_newest(&*tx).await? {
                return Ok(());
            }
            use account::Column;
            let (email, verified_at) = match change {
                AddressChange::Moved(email) if is_taken(&*tx, email, account).await? => return Ok(()),
                AddressChange::Moved(email) => (Some(email), Some(self.now)),
                AddressChange::Verified => (None, Some(self.now)),
                AddressChange::Unverified => (None, None),
            };
            let update = account::Entity::update_many().col_expr(Column::EmailVerifiedAt, Expr::value(verified_at));
            let update = match email {
                Some(email) => update.col_expr(Column::Email, Expr::value(email)),
                None => update,
            };
            update.filter(Column::Id.eq(account)).exec(&*tx).await?;
            Ok(())
        });
        match followed.await {
            // Somebody else has just taken the address. The account keeps its own.
            Err(AppError::Conflict(_)) => Ok(()),
            done => done,
        }
    }

    /// Records when the claims were issued, unless those of a newer token have been applied.
    async fn is_newest(self, db: &impl ConnectionTrait) -> Result<bool> {
        use identity::Column;
        let note = identity::Entity::update_many().col_expr(Column::ClaimsAt, Expr::value(self.claims.iat));
        let note = note.filter(Column::Issuer.eq(self.issuer)).filter(Column::Subject.eq(&self.claims.sub));
        let note = note.filter(Column::ClaimsAt.is_null().or(Column::ClaimsAt.lte(self.claims.iat)));
        Ok(note.exec(db).await?.rows_affected > 0)
    }
}

/// Change that a token makes to the email address of an account.
#[derive(Debug, PartialEq)]
pub(super) enum AddressChange {
    /// The address is a different one, and verified.
    Moved(String),
    /// The address is now verified.
    Verified,
    /// The address is no longer verified.
    Unverified,
}

impl AddressChange {
    /// Compares the claims with the address of an account. An unverified address never replaces one.
    pub(super) fn of(claims: &ExternalClaims, email: &str, is_verified: bool) -> Option<Self> {
        let stated = claims.email()?;
        match (claims.is_email_verified()?, stated == email) {
            (true, false) => Some(Self::Moved(stated)),
            (true, true) => (!is_verified).then_some(Self::Verified),
            (false, true) => is_verified.then_some(Self::Unverified),
            (false, false) => None,
        }
    }
}

/// Whether another account has this address.
pub(super) async fn is_taken(db: &impl ConnectionTrait, email: &str, account: i64) -> Result<bool> {
    let others = account::Entity::find().filter(account::Column::Email.eq(email));
    Ok(others.filter(account::Column::Id.ne(account)).count(db).await? > 0)
}

/// Revokes all service tokens that an account has created.
pub async fn revoke_tokens_made_by(db: &impl ConnectionTrait, account: i64, now: DateTime<Utc>) -> Result<()> {
    use service_token::Column;
    invalidate::<service_token::Entity>(db, Column::RevokedAt, now, Column::CreatedBy.eq(account)).await?;
    Ok(())
}

/// Marks the address of an account as verified, if it is still this one. Returns whether it is.
pub async fn mark_verified(
    db: &impl ConnectionTrait,
    (account, email): (i64, &str),
    now: DateTime<Utc>,
) -> Result<bool> {
    use account::Column;
    let verified = Func::coalesce([Expr::col(Column::EmailVerifiedAt), Expr::value(now)]);
    let verify = account::Entity::update_many().col_expr(Column::EmailVerifiedAt, verified.into());
    let verify = verify.filter(Column::Id.eq(account)).filter(Column::Email.eq(email));
    Ok(verify.exec(db).await?.rows_affected > 0)
}

fn name(claims: &ExternalClaims, email: &str) -> String {
    let given = claims.name.as_ref().and_then(|name| line(MAX_NAME_CHARS)(&Value::from(name.as_str())).ok());
    given.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned())
}
