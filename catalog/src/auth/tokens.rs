//! Access tokens: short-lived and signed. They only say who somebody is; what they may do is read from the database.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::serde::ts_seconds;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use super::rejection::{IdentifyError, Rejection};
use crate::clock::Clock;
use crate::error::{AppError, Result};

const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Maximum difference between the clocks of two machines.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Issues and verifies access tokens.
pub struct Tokens {
    /// Keys that sign the tokens.
    pub keys: Keys,
    /// Issuer in the tokens.
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) clock: Arc<dyn Clock>,
}

/// Token that was issued.
pub struct AccessToken {
    /// Token to send to its owner.
    pub token: String,
    /// Time when the token expires.
    pub expires_at: DateTime<Utc>,
}

/// Subject of one of our own tokens.
pub struct Subject {
    pub account: i64,
    pub session: i64,
    /// Time when the token expires.
    pub until: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    jti: String,
    #[serde(with = "ts_seconds")]
    iat: DateTime<Utc>,
    #[serde(with = "ts_seconds")]
    nbf: DateTime<Utc>,
    #[serde(with = "ts_seconds")]
    exp: DateTime<Utc>,
}

impl Tokens {
    /// Issues a token for a session of an account.
    pub async fn issue(&self, account: i64, session: i64) -> Result<AccessToken> {
        // Tokens have whole seconds.
        let now = self.clock.now().trunc_subsecs(0);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account.to_string(),
            sid: session.to_string(),
            jti: uuid::Uuid::new_v4().to_string(),
            iat: now,
            nbf: now,
            exp: now + TOKEN_LIFETIME,
        };
        let key = self.keys.signing().await;
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(key.algorithm) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signing).map_err(AppError::internal)?;
        Ok(AccessToken { token, expires_at: claims.exp })
    }

    /// Verifies one of our own tokens and returns its subject. The key it names determines the algorithm.
    pub(super) async fn verify(&self, token: &str) -> Result<Subject, IdentifyError> {
        let header = header_of(token)?;
        let kid = header.kid.as_deref().ok_or(Rejection::Header)?;
        let key = self.keys.find(kid).await?.ok_or(Rejection::UnknownKey)?;
        if header.alg != key.algorithm {
            return Err(Rejection::Algorithm.into());
        }
        // Our own tokens have exactly this header. Nothing here acts on any other field.
        if header != (Header { kid: Some(key.kid.clone()), ..Header::new(key.algorithm) }) {
            return Err(Rejection::Header.into());
        }
        let claims: Claims = signed(token, &key.verifying, key.algorithm, &self.issuer, &self.audience)?;
        check_times(self.clock.now(), Some(claims.nbf), claims.iat, claims.exp)?;
        let number = |text: &str| text.parse().map_err(|_| Rejection::Claims);
        Ok(Subject { account: number(&claims.sub)?, session: number(&claims.sid)?, until: claims.exp })
    }
}

/// Decodes the header of a token. Distinguishes an algorithm that the library does not know from a malformed token.
pub(super) fn header_of(token: &str) -> Result<Header, Rejection> {
    jsonwebtoken::decode_header(token).map_err(|_| match part(token, 0) {
        Some(serde_json::Value::Object(header)) if header.get("alg").is_some_and(serde_json::Value::is_string) => {
            Rejection::Algorithm
        }
        Some(_) | None => Rejection::Malformed,
    })
}

/// Decodes a part of a token without verifying it.
pub(super) fn part<T: DeserializeOwned>(token: &str, place: usize) -> Option<T> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(place)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Returns the claims of a token, if it is signed with this key and has this issuer and audience.
pub(super) fn signed<T: DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    algorithm: jsonwebtoken::Algorithm,
    issuer: &str,
    audience: &str,
) -> Result<T, Rejection> {
    let mut rules = Validation::new(algorithm);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    // The library uses the system clock, so the times are checked against our own clock instead.
    (rules.validate_exp, rules.validate_nbf) = (false, false);
    Ok(jsonwebtoken::decode(token, key, &rules)?.claims)
}

/// Checks that a token is neither expired nor used too early.
pub(super) fn check_times(
    now: DateTime<Utc>,
    nbf: Option<DateTime<Utc>>,
    iat: DateTime<Utc>,
    exp: DateTime<Utc>,
) -> Result<(), Rejection> {
    let latest = now + LEEWAY;
    if exp <= now - LEEWAY {
        return Err(Rejection::Expired);
    }
    if iat > latest || nbf.is_some_and(|nbf| nbf > latest) {
        return Err(Rejection::NotYetValid);
    }
    Ok(())
}
