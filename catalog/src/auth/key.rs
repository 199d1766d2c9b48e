//! Key that signs access tokens. Where keys are stored, and which of them signs, is in `keys`.

use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use entity::signing_key;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::{LineEnding, SecretDocument};
use rsa::rand_core::OsRng;

use super::public_key::{MIN_RSA_BITS, check_size};
use crate::error::{AppError, Result};
use crate::secret::random;

/// Time for which a retired key still verifies: the last token it signed lives for 15 minutes, and a process may learn
/// of the new key a minute late.
pub(super) const RETIRED_KEY_LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// PKCS #8 prefix of an Ed25519 key, before its 32 bytes.
const ED25519_PREFIX: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// PKCS #8 prefix of a P-256 key, before its 32 bytes.
const P256_PREFIX: [u8; 35] =
    *b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\
    \x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";

/// Algorithm of a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyAlgorithm {
    /// Ed25519
    #[value(name = "EdDSA")]
    EdDsa,
    /// ECDSA over P-256
    #[value(name = "ES256")]
    Es256,
    /// RSA of 2048 bits
    #[value(name = "RS256")]
    Rs256,
}

impl KeyAlgorithm {
    /// Returns the name in tokens and in the database.
    fn name(self) -> &'static str {
        match self {
            KeyAlgorithm::EdDsa => "EdDSA",
            KeyAlgorithm::Es256 => "ES256",
            KeyAlgorithm::Rs256 => "RS256",
        }
    }

    fn of(name: &str) -> Result<Self> {
        Self::from_str(name, false).map_err(|_| AppError::internal("a signing key has an algorithm of another version"))
    }

    fn in_tokens(self) -> jsonwebtoken::Algorithm {
        match self {
            KeyAlgorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            KeyAlgorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            KeyAlgorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    /// Generates a private key, in PEM.
    fn generate(self) -> Result<String> {
        match self {
            KeyAlgorithm::EdDsa => from_32_bytes(&ED25519_PREFIX),
            KeyAlgorithm::Es256 => from_32_bytes(&P256_PREFIX),
            KeyAlgorithm::Rs256 => {
                let key = rsa::RsaPrivateKey::new(&mut OsRng, MIN_RSA_BITS).map_err(AppError::internal)?;
                Ok(key.to_pkcs1_pem(LineEnding::LF).map_err(AppError::internal)?.to_string())
            }
        }
    }

    fn signing(self, pem: &str) -> Result<EncodingKey> {
        let key = match self {
            KeyAlgorithm::EdDsa => EncodingKey::from_ed_pem(pem.as_bytes()),
            KeyAlgorithm::Es256 => EncodingKey::from_ec_pem(pem.as_bytes()),
            KeyAlgorithm::Rs256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
        };
        key.map_err(|_| AppError::internal("a signing key cannot be read"))
    }
}

/// Generates a key from 32 random bytes. Any bytes are an Ed25519 key, and all but one in 2^32 are a P-256 key.
fn from_32_bytes(beginning: &[u8]) -> Result<String> {
    let mut secret = [0; 32];
    random(&mut secret)?;
    let key = SecretDocument::try_from([beginning, &secret].concat()).map_err(AppError::internal)?;
    Ok(key.to_pem("PRIVATE KEY", LineEnding::LF).map_err(AppError::internal)?.to_string())
}

/// Signing key, ready for use.
pub struct Key {
    /// Key ID in tokens: the thumbprint of the public key.
    pub kid: String,
    /// Algorithm of the key. It is used with no other.
    pub algorithm: jsonwebtoken::Algorithm,
    /// Private key, which signs.
    pub signing: EncodingKey,
    /// Public key, which verifies.
    pub verifying: DecodingKey,
    /// Public key as it is published.
    pub public: Jwk,
    /// Time when the key stops verifying; `None` while it is not retired.
    until: Option<DateTime<Utc>>,
}

impl Key {
    /// Generates a key to store.
    pub fn generate(algorithm: KeyAlgorithm, now: DateTime<Utc>) -> Result<signing_key::Model> {
        let private_pem = algorithm.generate()?;
        let public = public(&algorithm.signing(&private_pem)?, algorithm)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(AppError::internal)?;
        let algorithm = algorithm.name().to_owned();
        Ok(signing_key::Model { kid, algorithm, private_pem, created_at: now, retired_at: None })
    }

    /// Reads a stored key.
    pub fn read(row: &signing_key::Model) -> Result<Self> {
        let algorithm = KeyAlgorithm::of(&row.algorithm)?;
        let signing = algorithm.signing(&row.private_pem)?;
        let mut public = public(&signing, algorithm)?;
        public.common.key_id = Some(row.kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        check_size(&public).map_err(|_| AppError::internal("a signing key is too short"))?;
        let verifying = DecodingKey::from_jwk(&public).map_err(AppError::internal)?;
        Ok(Self {
            kid: row.kid.clone(),
            algorithm: algorithm.in_tokens(),
            signing,
            verifying,
            public,
            until: row.retired_at.map(|at| at + RETIRED_KEY_LIFETIME),
        })
    }

    /// Whether a token signed with this key may still be valid.
    pub fn verifies(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

fn public(key: &EncodingKey, algorithm: KeyAlgorithm) -> Result<Jwk> {
    Jwk::from_encoding_key(key, algorithm.in_tokens()).map_err(|_| AppError::internal("a signing key is not sound"))
}
