//! Tokens of another identity provider: known by its public keys, which are fetched from it.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::tokens::{check_times, signed, time};
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::{AppError, Result};

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
    fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.common.key_id.as_deref() == Some(kid))
    }
}

/// What a token of the provider says.
#[derive(Debug, Deserialize)]
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
    /// Their address, where the provider has seen that it is theirs.
    pub fn verified_email(&self) -> Option<&str> {
        // Some providers write it as a text.
        let verified = self.email_verified == true || self.email_verified == "true";
        self.email.as_deref().filter(|_| verified)
    }

    /// Until when the token is good.
    pub fn until(&self) -> Result<DateTime<Utc>> {
        time(self.exp)
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
    pub async fn verify(&self, token: &str) -> Result<Claims> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| AppError::Unauthenticated)?;
        let kid = header.kid.filter(|_| header.crit.is_none()).ok_or(AppError::Unauthenticated)?;
        let jwk = self.key(&kid).await?;
        let algorithm = algorithm(&jwk).ok_or(AppError::Unauthenticated)?;
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| AppError::Unauthenticated)?;
        let claims: Claims = signed(token, &key, algorithm, &self.issuer, &self.audience)?;
        // Providers may leave nbf out; it is not one of OpenID Connect's.
        check_times(self.clock.now(), claims.nbf, claims.iat, claims.exp)?;
        let sound = (1..=255).contains(&claims.sub.len()) && !claims.sub.contains(char::is_control);
        if sound { Ok(claims) } else { Err(AppError::Unauthenticated) }
    }

    async fn key(&self, kid: &str) -> Result<Jwk> {
        // Whoever finds its key does not wait for somebody else who is asking.
        let turn = match self.fetched.load().find(kid) {
            Some(_) => self.tried.try_lock().ok(),
            None => Some(self.tried.lock().await),
        };
        if let Some(mut tried) = turn {
            self.look_again(kid, &mut tried).await;
        }
        let fetched = self.fetched.load();
        match fetched.find(kid) {
            Some(key) => Ok(key.clone()),
            None if fetched.at.is_none() => Err(AppError::Unavailable("there are no keys to verify with".to_owned())),
            None => Err(AppError::Unauthenticated),
        }
    }

    /// Asks for the keys where those that are there are old or lack this one, and nobody has asked just now.
    async fn look_again(&self, kid: &str, tried: &mut Option<DateTime<Utc>>) {
        let (now, fetched) = (self.clock.now(), self.fetched.load_full());
        let wanted = fetched.at.is_none_or(|at| now - at >= STALE) || fetched.find(kid).is_none();
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
        serde_json::from_slice::<JwkSet>(&body).map(|set| set.keys).map_err(AppError::internal)
    }
}

/// The one algorithm that a key is good for; `None` where it is not for signatures, or is a shared secret, which has no
/// place among public keys.
fn algorithm(key: &Jwk) -> Option<Algorithm> {
    #[allow(clippy::wildcard_enum_match_arm, reason = "whatever else a key is, it is none of these")]
    let (algorithm, name) = match &key.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    (signs && key.common.key_algorithm.is_none_or(|said| said == name)).then_some(algorithm)
}
