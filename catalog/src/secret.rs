//! Secrets that are shown once: refresh tokens, service tokens, invitations and links. The prefix of each tells what it
//! is, so that a leaked one is recognised on sight. Only hashes are stored. Passwords do not belong here: they can be
//! guessed and need a slow hash, unlike 256 random bits.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use crate::error::{AppError, Result};

/// Prefix of service tokens.
pub const SERVICE_TOKEN: &str = "lectern_st_";
/// Prefix of invitations.
pub const INVITATION: &str = "lectern_inv_";
/// Prefix of tokens in links sent by email.
pub const MAIL_TOKEN: &str = "lectern_ml_";
/// Prefix of refresh tokens.
pub const REFRESH_TOKEN: &str = "lectern_rt_";

const SECRET_BYTES: usize = 32;

/// New secret. Has no `Debug` on purpose, so that no log can show it.
pub struct Secret {
    text: String,
}

impl Secret {
    /// Generates a secret with this prefix.
    pub fn new(prefix: &str) -> Result<Self> {
        let mut bytes = [0_u8; SECRET_BYTES];
        random(&mut bytes)?;
        Ok(Self { text: format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)) })
    }

    /// Returns the hash to store.
    pub fn hash(&self) -> String {
        hash(&self.text)
    }

    /// Returns the secret itself, for the one response that shows it.
    pub fn reveal(self) -> String {
        self.text
    }
}

/// Fills the bytes from the random source of the operating system.
pub(super) fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(AppError::internal)
}

/// Hashes a secret to store it or look it up: SHA-256 in lower-case hexadecimal.
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Ends the validity of rows, such as those of secrets: sets the column with the time of its end where a condition
/// holds and the column is null. Returns the number of these rows.
pub async fn invalidate<E: EntityTrait>(
    db: &impl ConnectionTrait,
    ended_at: E::Column,
    now: DateTime<Utc>,
    condition: impl IntoCondition,
) -> Result<u64> {
    let end = E::update_many().col_expr(ended_at, Expr::value(now));
    Ok(end.filter(condition).filter(ended_at.is_null()).exec(db).await?.rows_affected)
}
