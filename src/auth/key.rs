//! One key that access tokens are signed with. What must not go in: where keys are kept, and which of them signs.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use entity::signing_key;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::rand_core::OsRng;

use super::public_key::{MIN_RSA_BITS, check_size};
use super::secret::random;
use crate::error::{AppError, Result};

/// How long a retired key goes on verifying: the last token that was signed with it lives for a quarter of an hour, and
/// a process may learn of the new key a minute late.
pub(super) const KEPT: TimeDelta = TimeDelta::minutes(30);

/// What stands in PKCS #8 before the 32 bytes of an Ed25519 key.
const ED25519: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// What stands in PKCS #8 before the 32 bytes of a P-256 key.
const P256: [u8; 35] = *b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\
    \x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";

/// The algorithms of keys.
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
    /// The name in tokens and in the database.
    fn name(self) -> &'static str {
        match self {
            KeyAlgorithm::EdDsa => "EdDSA",
            KeyAlgorithm::Es256 => "ES256",
            KeyAlgorithm::Rs256 => "RS256",
        }
    }

    fn of(name: &str) -> Result<Self> {
        let all = [KeyAlgorithm::EdDsa, KeyAlgorithm::Es256, KeyAlgorithm::Rs256];
        let found = all.into_iter().find(|algorithm| algorithm.name() == name);
        found.ok_or_else(|| AppError::internal("a signing key has an algorithm of another version"))
    }

    fn in_tokens(self) -> jsonwebtoken::Algorithm {
        match self {
            KeyAlgorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            KeyAlgorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            KeyAlgorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    /// A new private key, in PEM.
    fn generate(self) -> Result<String> {
        match self {
            KeyAlgorithm::EdDsa => from_32_bytes(&ED25519),
            KeyAlgorithm::Es256 => from_32_bytes(&P256),
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

/// Any 32 bytes are an Ed25519 key, and all but one in 2^32 are a P-256 key.
fn from_32_bytes(beginning: &[u8]) -> Result<String> {
    let mut secret = [0; 32];
    random(&mut secret)?;
    let whole = BASE64_STANDARD.encode([beginning, &secret].concat());
    let lines: Vec<&str> = whole.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
}

/// A key, ready for use.
pub struct Key {
    /// Its name in tokens: the thumbprint of its public half.
    pub kid: String,
    /// The one algorithm that it is good for.
    pub algorithm: jsonwebtoken::Algorithm,
    /// The half that signs.
    pub signing: EncodingKey,
    /// The half that verifies.
    pub verifying: DecodingKey,
    /// That half as others are told it.
    pub public: Jwk,
    /// When it stops verifying; `None` while it is not retired.
    until: Option<DateTime<Utc>>,
}

impl Key {
    /// A new key as it is kept.
    pub fn generate(algorithm: KeyAlgorithm, now: DateTime<Utc>) -> Result<signing_key::Model> {
        let private_pem = algorithm.generate()?;
        let public = public(&algorithm.signing(&private_pem)?, algorithm)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(AppError::internal)?;
        let algorithm = algorithm.name().to_owned();
        Ok(signing_key::Model { kid, algorithm, private_pem, created_at: now, retired_at: None })
    }

    /// A key as it was kept.
    pub fn read(row: &signing_key::Model) -> Result<Self> {
        let algorithm = KeyAlgorithm::of(&row.algorithm)?;
        let signing = algorithm.signing(&row.private_pem)?;
        let mut public = public(&signing, algorithm)?;
        public.common.key_id = Some(row.kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        check_size(&public).map_err(|_| AppError::internal("a signing key is too short"))?;
        let verifying = DecodingKey::from_jwk(&public).map_err(AppError::internal)?;
        let (kid, algorithm) = (row.kid.clone(), algorithm.in_tokens());
        Ok(Self { kid, algorithm, signing, verifying, public, until: row.retired_at.map(|at| at + KEPT) })
    }

    /// Whether a token that it has signed may still be good.
    pub fn verifies(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

fn public(key: &EncodingKey, algorithm: KeyAlgorithm) -> Result<Jwk> {
    Jwk::from_encoding_key(key, algorithm.in_tokens()).map_err(|_| AppError::internal("a signing key is not sound"))
}
