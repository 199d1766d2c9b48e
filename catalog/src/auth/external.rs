//! Tokens of another identity provider, verified with the public keys that it publishes.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::Jwk;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::public_key::verifying;
use super::rejection::{IdentifyError, Rejection};
use super::tokens::{check_times, header_of, signed};
use crate::clock::Clock;
use crate::error::{AppError, Result};
use crate::values;

/// Age at which the keys are fetched again.
const MAX_KEY_AGE: TimeDelta = TimeDelta::hours(1);
/// Minimum interval between fetches, since anyone can make up a key ID that is unknown.
const MIN_FETCH_INTERVAL: TimeDelta = TimeDelta::minutes(1);
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Settings of another identity provider.
#[derive(Clone, Debug)]
pub struct ExternalSettings {
    /// Issuer of its tokens (`iss`).
    pub issuer: String,
    /// Audience that its tokens must have (`aud`).
    pub audience: String,
    /// URL of its signing keys.
    pub jwks_url: String,
}

/// Another identity provider.
pub struct ExternalProvider {
    /// Settings that it was opened with.
    pub settings: ExternalSettings,
    client: reqwest::Client,
    fetched: ArcSwap<FetchedKeys>,
    /// Time of the last fetch. Locked while fetching.
    last_attempt: Mutex<Option<DateTime<Utc>>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct FetchedKeys {
    keys: Vec<Jwk>,
    at: Option<DateTime<Utc>>,
}

impl FetchedKeys {
    /// Returns the keys with this ID. IDs need only be unique per type of key.
    fn find(&self, kid: &str) -> impl Iterator<Item = &Jwk> {
        self.keys.iter().filter(move |key| key.common.key_id.as_deref() == Some(kid))
    }

    fn has_key(&self, kid: &str) -> bool {
        self.find(kid).next().is_some()
    }
}

/// Claims of a token. Has no `Debug` on purpose, so that no log can reveal whom it is about.
#[derive(Deserialize)]
pub struct ExternalClaims {
    /// Subject: the person's ID at the identity provider.
    pub sub: String,
    /// Time when the token was issued.
    #[serde(with = "ts_seconds")]
    pub iat: DateTime<Utc>,
    #[serde(default, with = "ts_seconds_option")]
    nbf: Option<DateTime<Utc>>,
    /// Time when the token expires.
    #[serde(with = "ts_seconds")]
    pub exp: DateTime<Utc>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    /// Display name of the person.
    pub name: Option<String>,
}

impl ExternalClaims {
    /// Returns the normalized email address, if the token has a valid one.
    pub fn email(&self) -> Option<String> {
        self.email.as_deref().and_then(values::email)
    }

    /// Whether the identity provider has verified the address; `None` if it does not say.
    pub fn is_email_verified(&self) -> Option<bool> {
        // Some providers send a string.
        match &self.email_verified {
            Value::Bool(verified) => Some(*verified),
            Value::String(text) => text.parse().ok(),
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Returns the email address, if the identity provider has verified it.
    pub fn verified_email(&self) -> Option<String> {
        self.email().filter(|_| self.is_email_verified() == Some(true))
    }
}

impl ExternalProvider {
    /// Opens an identity provider.
    pub fn open(settings: ExternalSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        // The TLS provider is global to the process. It is no error if it is installed already.
        _ = rustls::crypto::ring::default_provider().install_default();
        // A redirect could lead to a host that the operator did not choose.
        let client = reqwest::Client::builder().redirect(Policy::none()).timeout(FETCH_TIMEOUT).build();
        Ok(Self {
            settings,
            client: client.map_err(AppError::internal)?,
            fetched: ArcSwap::default(),
            last_attempt: Mutex::default(),
            clock,
        })
    }

    /// Verifies a token and returns its claims.
    pub(super) async fn verify(&self, token: &str) -> Result<ExternalClaims, IdentifyError> {
        let header = header_of(token)?;
        let kid = header.kid.filter(|_| header.crit.is_none()).ok_or(Rejection::Header)?;
        let key = self.key(&kid, header.alg).await?;
        let claims: ExternalClaims = signed(token, &key, header.alg, &self.settings.issuer, &self.settings.audience)?;
        // OpenID Connect does not define nbf, so providers may omit it.
        check_times(self.clock.now(), claims.nbf, claims.iat, claims.exp)?;
        let sound = (1..=255).contains(&claims.sub.len()) && !claims.sub.contains(char::is_control);
        if sound { Ok(claims) } else { Err(Rejection::Claims.into()) }
    }

    /// Returns the key with this ID that verifies signatures of this algorithm.
    async fn key(&self, kid: &str, algorithm: jsonwebtoken::Algorithm) -> Result<DecodingKey, IdentifyError> {
        // A request whose key is known does not wait for another one that is fetching.
        let attempt = if self.fetched.load().has_key(kid) {
            self.last_attempt.try_lock().ok()
        } else {
            Some(self.last_attempt.lock().await)
        };
        if let Some(mut last_attempt) = attempt {
            self.refresh(kid, &mut last_attempt).await;
        }
        let fetched = self.fetched.load();
        if fetched.at.is_none() {
            return Err(AppError::Unavailable("there are no keys to verify with".to_owned()).into());
        }
        let mut rejection = Rejection::UnknownKey;
        for jwk in fetched.find(kid) {
            match verifying(jwk, algorithm) {
                Ok(key) => return Ok(key),
                Err(reason) => rejection = reason,
            }
        }
        Err(rejection.into())
    }

    /// Fetches the keys if they are stale or lack this one, unless that was tried just now.
    async fn refresh(&self, kid: &str, last_attempt: &mut Option<DateTime<Utc>>) {
        let (now, fetched) = (self.clock.now(), self.fetched.load_full());
        let wanted = fetched.at.is_none_or(|at| now - at >= MAX_KEY_AGE) || !fetched.has_key(kid);
        if !wanted || last_attempt.is_some_and(|last_attempt| now - last_attempt < MIN_FETCH_INTERVAL) {
            return;
        }
        *last_attempt = Some(now);
        match self.fetch().await {
            Ok(keys) => self.fetched.store(Arc::new(FetchedKeys { keys, at: Some(now) })),
            // Keep the known keys: the identity provider may be down for a while.
            Err(error) => tracing::warn!(cause = error.cause(), "the keys of the identity provider cannot be fetched"),
        }
    }

    async fn fetch(&self) -> Result<Vec<Jwk>> {
        let mut answer = self.client.get(&self.settings.jwks_url).send().await.map_err(AppError::internal)?;
        if !answer.status().is_success() {
            return Err(AppError::internal(format!("the answer is {}", answer.status())));
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(AppError::internal)? {
            if body.len() + piece.len() > MAX_KEY_SET_BYTES {
                return Err(AppError::internal("the answer is too large"));
            }
            body.extend_from_slice(&piece);
        }
        let set: KeySet = serde_json::from_slice(&body).map_err(AppError::internal)?;
        // A key of an unsupported type must not make the others unusable.
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

/// Key set as the identity provider publishes it.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}
