//! Tokens of another identity provider: known by its public keys, which are fetched from it.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::Jwk;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::public_key::verifying;
use super::rejection::{IdentifyError, Rejection};
use super::tokens::{check_times, header_of, signed, time};
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::{AppError, Result};
use crate::values;

/// The keys are fetched again when they are this old,
const STALE: TimeDelta = TimeDelta::hours(1);
/// and for a key that is not among them, at most this often: anybody can make one up.
const AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);
/// How long fetching them may take.
const FETCH_TIME: Duration = Duration::from_secs(5);
/// How large they may be, in bytes.
const LARGEST: usize = 256 * 1024;

/// Another identity provider.
pub struct External {
    /// What its tokens name as their issuer.
    pub issuer: String,
    audience: String,
    jwks_url: String,
    client: reqwest::Client,
    fetched: ArcSwap<Fetched>,
    /// When the keys were last asked for; held by whoever is asking.
    tried: Mutex<Option<DateTime<Utc>>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Fetched {
    keys: Vec<Jwk>,
    at: Option<DateTime<Utc>>,
}

impl Fetched {
    /// The keys of this name: names need be unique for each kind of key only.
    fn find(&self, kid: &str) -> impl Iterator<Item = &Jwk> {
        self.keys.iter().filter(move |key| key.common.key_id.as_deref() == Some(kid))
    }

    fn knows(&self, kid: &str) -> bool {
        self.find(kid).next().is_some()
    }
}

/// What a token of the provider says. It has no Debug on purpose: no log may show whom it speaks of.
#[derive(Deserialize)]
pub struct Claims {
    /// Who it is, to the provider.
    pub sub: String,
    iat: i64,
    nbf: Option<i64>,
    exp: i64,
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    /// What they are called.
    pub name: Option<String>,
}

impl Claims {
    /// Their address in the form in which addresses are compared, if the token has one that is well-formed.
    pub fn email(&self) -> Option<String> {
        self.email.as_deref().and_then(values::email)
    }

    /// Whether the provider has seen that the address is theirs; `None` where it does not say.
    pub fn is_email_verified(&self) -> Option<bool> {
        // Some providers write it as a text.
        match &self.email_verified {
            Value::Bool(verified) => Some(*verified),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Their address, where the provider has seen that it is theirs.
    pub fn verified_email(&self) -> Option<String> {
        self.email().filter(|_| self.is_email_verified() == Some(true))
    }

    /// When the token was issued.
    pub fn issued_at(&self) -> Result<DateTime<Utc>, Rejection> {
        time(self.iat).map_err(|_| Rejection::Claims)
    }

    /// Whether the token was issued at this time or before. Tokens give whole seconds.
    pub fn is_issued_by(&self, time: DateTime<Utc>) -> bool {
        self.iat <= time.timestamp()
    }

    /// Until when the token is good.
    pub fn until(&self) -> Result<DateTime<Utc>, Rejection> {
        time(self.exp).map_err(|_| Rejection::Claims)
    }
}

impl External {
    /// The provider that the settings name, if they do.
    pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Option<Self>> {
        if settings.oidc_issuer.is_empty() {
            return Ok(None);
        }
        // What the client speaks TLS by is one for the whole process; that it is there already is no fault.
        _ = rustls::crypto::ring::default_provider().install_default();
        // A redirect could lead to where the operator has not wanted to send anybody.
        let client = reqwest::Client::builder().redirect(Policy::none()).timeout(FETCH_TIME).build();
        Ok(Some(Self {
            issuer: settings.oidc_issuer.clone(),
            audience: settings.oidc_audience.clone(),
            jwks_url: settings.oidc_jwks_url.clone(),
            client: client.map_err(AppError::internal)?,
            fetched: ArcSwap::default(),
            tried: Mutex::default(),
            clock,
        }))
    }

    /// What a token says, if it is one of the provider's for us, and good.
    pub(super) async fn verify(&self, token: &str) -> Result<Claims, IdentifyError> {
        let header = header_of(token)?;
        let kid = header.kid.filter(|_| header.crit.is_none()).ok_or(Rejection::Header)?;
        let key = self.key(&kid, header.alg).await?;
        let claims: Claims = signed(token, &key, header.alg, &self.issuer, &self.audience)?;
        // Providers may leave nbf out; it is not one of OpenID Connect's.
        check_times(self.clock.now(), claims.nbf, claims.iat, claims.exp)?;
        let sound = (1..=255).contains(&claims.sub.len()) && !claims.sub.contains(char::is_control);
        if sound { Ok(claims) } else { Err(Rejection::Claims.into()) }
    }

    /// The key of this name that verifies signatures of this algorithm.
    async fn key(&self, kid: &str, algorithm: jsonwebtoken::Algorithm) -> Result<DecodingKey, IdentifyError> {
        // Whoever finds its key does not wait for somebody else who is asking.
        let turn =
            if self.fetched.load().knows(kid) { self.tried.try_lock().ok() } else { Some(self.tried.lock().await) };
        if let Some(mut tried) = turn {
            self.look_again(kid, &mut tried).await;
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

    /// Asks for the keys where those that are there are old or lack this one, and nobody has asked just now.
    async fn look_again(&self, kid: &str, tried: &mut Option<DateTime<Utc>>) {
        let (now, fetched) = (self.clock.now(), self.fetched.load_full());
        let wanted = fetched.at.is_none_or(|at| now - at >= STALE) || !fetched.knows(kid);
        if !wanted || tried.is_some_and(|tried| now - tried < AT_MOST_EVERY) {
            return;
        }
        *tried = Some(now);
        match self.fetch().await {
            Ok(keys) => self.fetched.store(Arc::new(Fetched { keys, at: Some(now) })),
            // Those that are known stay good: the provider may be away for a while.
            Err(error) => tracing::warn!(cause = error.cause(), "the keys of the identity provider cannot be fetched"),
        }
    }

    async fn fetch(&self) -> Result<Vec<Jwk>> {
        let mut answer = self.client.get(&self.jwks_url).send().await.map_err(AppError::internal)?;
        if !answer.status().is_success() {
            return Err(AppError::internal(format!("the answer is {}", answer.status())));
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(AppError::internal)? {
            if body.len() + piece.len() > LARGEST {
                return Err(AppError::internal("the answer is too large"));
            }
            body.extend_from_slice(&piece);
        }
        let set: KeySet = serde_json::from_slice(&body).map_err(AppError::internal)?;
        // One key of a kind that is not known here does not make the others useless.
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

/// The keys of a provider as it gives them out.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}
