//! Secrets that are handed out once: sign-ins, service tokens, invitations. Each says by its prefix what it is, so that
//! one that has leaked is known on sight; only its hash is kept. What must not go in: passwords, which are guessed and
//! so need a slow hash; 256 random bits are not.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{AppError, Result};

/// What the token of a provider's own system begins with.
pub const SERVICE_TOKEN: &str = "lectern_st_";
/// What an invitation begins with.
pub const INVITATION: &str = "lectern_inv_";
/// What the token in a link sent by mail begins with.
pub const MAIL_TOKEN: &str = "lectern_ml_";
/// What a refresh token begins with.
pub const REFRESH_TOKEN: &str = "lectern_rt_";

/// Random bytes of a secret.
const BYTES: usize = 32;

/// A new secret. It has no Debug on purpose: no log may ever show one.
pub struct Secret {
    text: String,
}

impl Secret {
    /// A random one that begins with this.
    pub fn new(prefix: &str) -> Result<Self> {
        let mut bytes = [0_u8; BYTES];
        random(&mut bytes)?;
        Ok(Self { text: format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)) })
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hash(&self.text)
    }

    /// The secret itself, for the one answer that shows it.
    pub fn reveal(self) -> String {
        self.text
    }
}

/// Fills these bytes from the machine's own source.
pub(super) fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(AppError::internal)
}

/// The form in which a secret is kept and looked up: SHA-256 in lower-case hexadecimal.
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
