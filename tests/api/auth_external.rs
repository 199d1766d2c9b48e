//! Tokens of another identity provider, whose keys a server of the test's own gives out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App as Server, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::{App, Stage};

const VIEWER: &str = "{ viewer { id email displayName emailVerified } }";
const NOW: i64 = 1_780_315_200;

/// An identity provider: it gives out what it is told to, and counts how often.
struct Provider {
    url: String,
    keys: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    server: ServerHandle,
}

impl Provider {
    fn start() -> Self {
        let (keys, asked) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let told = (keys.clone(), asked.clone());
        let server = HttpServer::new(move || {
            let (keys, asked) = told.clone();
            let answer = move || {
                asked.fetch_add(1, Ordering::SeqCst);
                let keys = keys.lock().unwrap().clone();
                async move { HttpResponse::Ok().content_type("application/json").body(keys) }
            };
            Server::new().route("/keys", web::get().to(answer)).route(
                "/moved",
                web::get().to(async || HttpResponse::Found().insert_header(("location", "/keys")).finish()),
            )
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, keys, asked, server: handle }
    }

    fn publish(&self, keys: &[&Key]) {
        let keys = keys.iter().map(|key| key.public.clone()).collect();
        *self.keys.lock().unwrap() = serde_json::to_string(&JwkSet { keys }).unwrap();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A key of the provider.
struct Key {
    algorithm: Algorithm,
    private: EncodingKey,
    public: Jwk,
}

impl Key {
    fn new(kid: &str, algorithm: Algorithm, private: EncodingKey) -> Self {
        let mut public = Jwk::from_encoding_key(&private, algorithm).unwrap();
        public.common.key_id = Some(kid.to_owned());
        Self { algorithm, private, public }
    }

    fn ed25519(kid: &str) -> Self {
        let beginning = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let secret: Vec<u8> = kid.bytes().cycle().take(32).collect();
        Self::new(kid, Algorithm::EdDSA, EncodingKey::from_ed_der(&[&beginning[..], &secret].concat()))
    }

    fn rsa(kid: &str) -> Self {
        use rsa::pkcs1::EncodeRsaPrivateKey;
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).unwrap();
        Self::new(kid, Algorithm::RS256, EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes()))
    }

    /// A token with the usual claims, some of them changed; null takes one away.
    fn sign(&self, changes: Value) -> String {
        let mut claims = json!({
            "iss": "https://id.example.org", "aud": ["lectern", "other"], "sub": "ann", "iat": NOW, "exp": NOW + 300,
            "email": "Ann@example.org", "email_verified": true, "name": "Ann Other",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = Header { kid: self.public.common.key_id.clone(), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, &claims, &self.private).unwrap()
    }
}

/// Serves with tokens of the provider being taken, its keys standing at this path, for a part of a test.
async fn serve<F: Future<Output = ()>>(stage: &Stage, provider: &Provider, path: &str, part: impl FnOnce(App) -> F) {
    let settings = format!(
        "oidc_issuer = 'https://id.example.org'\noidc_audience = 'lectern'\noidc_jwks_url = '{}{path}'",
        provider.url
    );
    stage.with(&settings).serve(part).await;
    provider.server.stop(false).await;
}

/// Whom a token is taken for: an account, or the code of an error.
async fn viewer(app: &App, token: &str) -> Value {
    let mut answer = app.ask_as(token, VIEWER, json!({})).await;
    match answer.pointer("/errors/0/extensions/code") {
        Some(code) => code.clone(),
        None => answer["data"]["viewer"].take(),
    }
}

on_both! {
    #![empty]

    async fn whoever_the_provider_sends_gets_an_account_and_keeps_it(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let tokens = [key.sign(json!({})), key.sign(json!({}))];
            let (ann, same) = futures_util::future::join(viewer(&app, &tokens[0]), viewer(&app, &tokens[1])).await;
            assert_eq!((&ann["email"], &ann["displayName"], &ann["emailVerified"]), (&"ann@example.org".into(), &"Ann Other".into(), &true.into()), "{ann:#}");
            assert_eq!(same, ann);
            assert_eq!(viewer(&app, &key.sign(json!({ "email": "other@example.org", "email_verified": null }))).await, ann);
            let bob = viewer(&app, &key.sign(json!({ "sub": "bob", "email": "bob@example.org", "name": null }))).await;
            assert_eq!((&bob["displayName"], bob["id"] == ann["id"]), (&"bob".into(), false));
        })
        .await;
    }

    async fn an_account_is_found_by_a_verified_address_and_what_others_did_to_it_is_undone(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let stranger = app.sign_up("ann@example.org").await;
            for unsure in [json!({ "email_verified": false }), json!({ "email_verified": null }), json!({ "email": null }), json!({ "email": "ann" })] {
                assert_eq!(viewer(&app, &key.sign(unsure)).await, "UNAUTHENTICATED");
            }
            assert_eq!(viewer(&app, &stranger.token).await["id"], stranger.id);
            assert_eq!(viewer(&app, &key.sign(json!({}))).await["id"], stranger.id);
            assert_eq!(viewer(&app, &stranger.token).await, "UNAUTHENTICATED", "whoever never showed that the address is theirs is out");
            let query = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
            let input = json!({ "input": { "email": "ann@example.org", "password": PASSWORD } });
            assert_eq!(app.ask(query, input).await["data"]["signIn"]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        })
        .await;
    }

    async fn a_token_of_the_provider_that_is_not_good_for_us_is_refused(stage: Stage) {
        let (provider, key, rsa) = (Provider::start(), Key::ed25519("one"), Key::rsa("two"));
        provider.publish(&[&key, &rsa]);
        serve(&stage, &provider, "/keys", async |app: App| {
            assert!(viewer(&app, &rsa.sign(json!({}))).await["id"].is_string());
            for wrong in [
                json!({ "iss": "https://other.example.org" }), json!({ "iss": null }), json!({ "aud": "other" }), json!({ "aud": null }), json!({ "sub": null }),
                json!({ "sub": "" }), json!({ "sub": "a\u{0}" }), json!({ "sub": "x".repeat(256) }), json!({ "exp": null }), json!({ "exp": "x" }), json!({ "exp": NOW - 5 }),
                json!({ "iat": null }), json!({ "iat": NOW + 6 }), json!({ "nbf": NOW + 6 }), json!({ "exp": 1e300 }), json!({ "exp": -1 }),
            ] {
                assert_eq!(viewer(&app, &key.sign(wrong.clone())).await, "UNAUTHENTICATED", "{wrong}");
            }
            let forged = Key { public: rsa.public.clone(), ..Key::ed25519("two") };
            assert_eq!(viewer(&app, &forged.sign(json!({}))).await, "UNAUTHENTICATED");
            let secret = BASE64_STANDARD.encode("one");
            let shared = Key { algorithm: Algorithm::HS256, private: EncodingKey::from_secret(secret.as_bytes()), public: key.public.clone() };
            assert_eq!(viewer(&app, &shared.sign(json!({}))).await, "UNAUTHENTICATED");
        })
        .await;
    }

    async fn new_keys_are_fetched_at_most_once_a_minute_and_all_of_them_every_hour(stage: Stage) {
        let (provider, one, two) = (Provider::start(), Key::ed25519("one"), Key::ed25519("two"));
        provider.publish(&[&one]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let good = |key: &Key| key.sign(json!({ "exp": NOW + 10_000 }));
            assert!(viewer(&app, &good(&one)).await["id"].is_string());
            assert_eq!((viewer(&app, &good(&two)).await, provider.asked()), ("UNAUTHENTICATED".into(), 1));
            provider.publish(&[&one, &two]);
            app.clock.set("2026-06-01T12:00:59Z");
            assert_eq!((viewer(&app, &good(&two)).await, provider.asked()), ("UNAUTHENTICATED".into(), 1));
            app.clock.set("2026-06-01T12:01:00Z");
            assert!(viewer(&app, &good(&two)).await["id"].is_string());
            assert!(viewer(&app, &good(&one)).await["id"].is_string());
            assert_eq!(provider.asked(), 2);
            provider.publish(&[&two]);
            app.clock.set("2026-06-01T13:00:59Z");
            assert!(viewer(&app, &good(&one)).await["id"].is_string());
            app.clock.set("2026-06-01T13:01:00Z");
            assert_eq!((viewer(&app, &good(&one)).await, provider.asked()), ("UNAUTHENTICATED".into(), 3));
            assert!(viewer(&app, &good(&two)).await["id"].is_string());
        })
        .await;
    }
}

on_both! {
    #![empty]

    async fn without_the_providers_keys_its_tokens_are_not_judged_and_all_else_goes_on(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/moved", async |app: App| {
            let ann = app.sign_up("ann@example.org").await;
            assert_eq!(viewer(&app, &key.sign(json!({}))).await, "SERVICE_UNAVAILABLE", "a redirect is not followed");
            assert_eq!(provider.asked(), 0);
            assert_eq!(viewer(&app, &ann.token).await["id"], ann.id);
        })
        .await;
        let provider = Provider::start();
        *provider.keys.lock().unwrap() = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(300_000));
        serve(&stage, &provider, "/keys", async |app: App| {
            assert_eq!(viewer(&app, &key.sign(json!({}))).await, "SERVICE_UNAVAILABLE");
        })
        .await;
    }
}
