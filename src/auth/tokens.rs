//! Access tokens: short-lived, signed, and good for saying who somebody is. What they may do is read from the database.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use super::rejection::{IdentifyError, Rejection};
use crate::clock::Clock;
use crate::error::{AppError, Result};

/// How long an access token is good.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// How far the clocks of two machines may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Issues and verifies access tokens.
pub struct Tokens {
    /// What they are signed with.
    pub keys: Keys,
    /// What they name as their issuer.
    pub(super) issuer: String,
    audience: String,
    clock: Arc<dyn Clock>,
}

/// A token that was issued.
pub struct Issued {
    /// What its owner sends.
    pub token: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Whom a token of ours speaks of.
pub struct Subject {
    /// The account.
    pub account: i64,
    /// The session.
    pub session: i64,
    /// Until when it is good.
    pub until: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Tokens {
    /// Tokens of this issuer for this audience.
    pub fn new(keys: Keys, issuer: &str, audience: &str, clock: Arc<dyn Clock>) -> Self {
        Self { keys, issuer: issuer.to_owned(), audience: audience.to_owned(), clock }
    }

    /// A token for a session of an account.
    pub async fn issue(&self, account: i64, session: i64) -> Result<Issued> {
        let now = self.clock.now();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account.to_string(),
            sid: session.to_string(),
            jti: uuid::Uuid::new_v4().to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFE).timestamp(),
        };
        let key = self.keys.signing().await;
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(key.algorithm) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signing).map_err(AppError::internal)?;
        Ok(Issued { token, expires_at: time(claims.exp)? })
    }

    /// Whom a token speaks of, if it is one of ours and good. The key that it names says which algorithm it must have.
    pub(super) async fn verify(&self, token: &str) -> Result<Subject, IdentifyError> {
        let header = header_of(token)?;
        let kid = header.kid.as_deref().ok_or(Rejection::Header)?;
        let key = self.keys.find(kid).await?.ok_or(Rejection::UnknownKey)?;
        if header.alg != key.algorithm {
            return Err(Rejection::Algorithm.into());
        }
        // Ours say no more in their header than these; whatever else stands there, nobody here acts on it.
        if header != (Header { kid: Some(key.kid.clone()), ..Header::new(key.algorithm) }) {
            return Err(Rejection::Header.into());
        }
        let claims: Claims = signed(token, &key.verifying, key.algorithm, &self.issuer, &self.audience)?;
        check_times(self.clock.now(), Some(claims.nbf), claims.iat, claims.exp)?;
        let number = |text: &str| text.parse().map_err(|_| Rejection::Claims);
        let until = time(claims.exp).map_err(|_| Rejection::Claims)?;
        Ok(Subject { account: number(&claims.sub)?, session: number(&claims.sid)?, until })
    }
}

/// The header of a token. An algorithm that the library does not know is told apart from what is no token at all.
pub(super) fn header_of(token: &str) -> Result<Header, Rejection> {
    jsonwebtoken::decode_header(token).map_err(|_| match part(token, 0) {
        Some(serde_json::Value::Object(header)) if header.get("alg").is_some_and(serde_json::Value::is_string) => {
            Rejection::Algorithm
        }
        Some(_) | None => Rejection::Malformed,
    })
}

/// A part of a token, which nobody has verified yet.
pub(super) fn part<T: DeserializeOwned>(token: &str, place: usize) -> Option<T> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(place)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// What a token says, where this key has signed it and it is of this issuer for this audience.
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
    // The library goes by the machine's clock; the times are checked by ours instead.
    (rules.validate_exp, rules.validate_nbf) = (false, false);
    Ok(jsonwebtoken::decode(token, key, &rules)?.claims)
}

/// Whether it is neither too early nor too late for a token.
pub(super) fn check_times(now: DateTime<Utc>, nbf: Option<i64>, iat: i64, exp: i64) -> Result<(), Rejection> {
    let (earliest, latest) = ((now - LEEWAY).timestamp(), (now + LEEWAY).timestamp());
    if exp <= earliest {
        return Err(Rejection::Expired);
    }
    if iat > latest || nbf.is_some_and(|nbf| nbf > latest) {
        return Err(Rejection::NotYetValid);
    }
    Ok(())
}

/// A time in seconds as tokens give it.
pub(super) fn time(seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or(AppError::Unauthenticated)
}
