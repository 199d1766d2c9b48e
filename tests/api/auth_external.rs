//! Tokens of another identity provider, whose keys are served by a server of the test.

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

/// An identity provider that serves the keys it is given and counts the requests.
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

/// A key of the identity provider.
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
        Self::rsa_of(kid, Algorithm::RS256, 2_048)
    }

    fn rsa_of(kid: &str, algorithm: Algorithm, bits: usize) -> Self {
        use rsa::pkcs1::EncodeRsaPrivateKey;
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
        Self::new(kid, algorithm, EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes()))
    }

    fn p384(kid: &str) -> Self {
        let beginning = b"\x30\x4e\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\
            \x04\x37\x30\x35\x02\x01\x01\x04\x30";
        let secret: Vec<u8> = kid.bytes().cycle().take(48).collect();
        Self::new(kid, Algorithm::ES384, EncodingKey::from_ec_der(&[&beginning[..], &secret].concat()))
    }

    /// The same key, signing with another algorithm and without stating its algorithm.
    fn signing_by(self, algorithm: Algorithm) -> Self {
        let mut public = self.public;
        public.common.key_algorithm = None;
        Self { algorithm, public, ..self }
    }

    /// A token with the usual claims and some changes; null removes a claim.
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

/// Runs a part of a test with the identity provider's tokens accepted and its keys at this path.
async fn serve<F: Future<Output = ()>>(stage: &Stage, provider: &Provider, path: &str, part: impl FnOnce(App) -> F) {
    let settings = format!(
        "oidc_issuer = 'https://id.example.org'\noidc_audience = 'lectern'\noidc_jwks_url = '{}{path}'",
        provider.url
    );
    stage.with(&settings).serve(part).await;
    provider.server.stop(false).await;
}

/// The account that a token identifies, or the code of the error.
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

/// The reason given for refusing a token.
async fn reason(app: &App, token: &str) -> String {
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": "{ __typename }" }));
    let answer = request.bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
    challenge.split("error_description=").nth(1).unwrap().trim_matches('"').to_owned()
}

async fn delete_account(app: &App, token: &str) {
    let query = "mutation { payload: deleteAccount { userErrors { code } } }";
    assert_eq!(app.payload(token, query, json!({})).await, json!({ "userErrors": [] }));
}

on_both! {
    #![empty]

    async fn a_recycled_address_leads_to_nobody_elses_account(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let ann = viewer(&app, &key.sign(json!({}))).await;
            for subject in ["another", "Ann", "ann ", " ann"] {
                let another = key.sign(json!({ "sub": subject }));
                assert_eq!(viewer(&app, &another).await, "UNAUTHENTICATED", "{subject:?}");
                assert_eq!(reason(&app, &another).await, "the address belongs to the account of another subject");
            }
            let no_more = viewer(&app, &key.sign(json!({ "email_verified": false }))).await;
            assert_eq!((&no_more["id"], &no_more["emailVerified"]), (&ann["id"], &false.into()));
            assert_eq!(viewer(&app, &key.sign(json!({ "sub": "another" }))).await, "UNAUTHENTICATED", "nor where it is not verified any more");
            let moved = viewer(&app, &key.sign(json!({ "email": "ann2@example.org" }))).await;
            assert_eq!((&moved["id"], &moved["email"]), (&ann["id"], &"ann2@example.org".into()));
            let another = viewer(&app, &key.sign(json!({ "sub": "another" }))).await;
            assert_eq!((another["email"] == "ann@example.org", another["id"] == ann["id"]), (true, false), "it is free now: {another:#}");
        })
        .await;
    }

    async fn the_verified_address_follows_the_newest_token_unless_it_is_taken(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            app.sign_up("taken@example.org").await;
            let shown = async |changes: Value| {
                let viewer = viewer(&app, &key.sign(changes)).await;
                (viewer["email"].as_str().unwrap_or_default().to_owned(), viewer["emailVerified"] == true)
            };
            let is = |email: &str, verified: bool| (format!("{email}@example.org"), verified);
            assert_eq!(shown(json!({})).await, is("ann", true));
            assert_eq!(shown(json!({ "email": "taken@example.org" })).await, is("ann", true));
            assert_eq!(shown(json!({ "email": "new@example.org", "email_verified": false })).await, is("ann", true));
            assert_eq!(shown(json!({ "email": "new@example", "email_verified": true })).await, is("ann", true));
            assert_eq!(shown(json!({ "email": "ANN@example.org", "email_verified": "false" })).await, is("ann", false));
            assert_eq!(shown(json!({ "email_verified": null })).await, is("ann", false));
            assert_eq!(shown(json!({ "email_verified": "true" })).await, is("ann", true));
            assert_eq!(shown(json!({ "email": "New@example.org", "iat": NOW + 2 })).await, is("new", true));
            assert_eq!(shown(json!({ "iat": NOW + 1 })).await, is("new", true), "an older token changes nothing");
            assert_eq!(shown(json!({ "iat": NOW + 3 })).await, is("ann", true));
        })
        .await;
    }

    async fn an_account_with_a_verified_address_is_linked_to_one_subject(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let ann = crate::support::People::of(&app).await.person("ann@example.org").await;
            let tokens: Vec<String> = ["one", "two", "three", "four"].iter().map(|sub| key.sign(json!({ "sub": sub }))).collect();
            let seen = futures_util::future::join_all(tokens.iter().map(|token| viewer(&app, token))).await;
            let linked = seen.iter().filter(|viewer| viewer["id"] == ann.id).count();
            let refused = seen.iter().filter(|viewer| **viewer == "UNAUTHENTICATED").count();
            assert_eq!((linked, refused), (1, 3), "{seen:#?}");
            assert_eq!(viewer(&app, &ann.token).await["id"], ann.id, "who has shown that it is theirs stays signed in");
        })
        .await;
    }

    async fn an_account_that_was_deleted_does_not_come_back_with_an_older_token(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        provider.publish(&[&key]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let (token, ahead) = (key.sign(json!({})), key.sign(json!({ "iat": NOW + 2 })));
            let ann = viewer(&app, &token).await;
            delete_account(&app, &ahead).await;
            for old in [&token, &ahead, &key.sign(json!({ "email": "other@example.org", "iat": NOW - 100 }))] {
                assert_eq!(viewer(&app, old).await, "UNAUTHENTICATED");
                assert_eq!(reason(&app, old).await, "the account was deleted after the token was issued");
            }
            let anew = viewer(&app, &key.sign(json!({ "iat": NOW + 3 }))).await;
            assert_eq!((anew["id"].is_string(), anew["id"] == ann["id"]), (true, false));
            assert_eq!(viewer(&app, &token).await, "UNAUTHENTICATED", "the older one is none of the new account either");
        })
        .await;
    }

    async fn keys_are_taken_for_their_own_algorithms_and_short_ones_not_at_all(stage: Stage) {
        let provider = Provider::start();
        let (ps, ec, short) = (Key::rsa_of("ps", Algorithm::PS256, 2_048), Key::p384("ec"), Key::rsa_of("short", Algorithm::RS256, 1_024));
        let any = Key::rsa("any").signing_by(Algorithm::PS256);
        provider.publish(&[&ps, &ec, &short, &any]);
        serve(&stage, &provider, "/keys", async |app: App| {
            let people: Vec<Value> = futures_util::future::join_all([&ps, &ec, &any].map(|key| async { viewer(&app, &key.sign(json!({}))).await })).await;
            assert!(people[0]["id"].is_string() && people.iter().all(|one| *one == people[0]), "{people:#?}");
            assert_eq!(reason(&app, &short.sign(json!({}))).await, "the key is too short");
            let another = Key { algorithm: Algorithm::RS256, private: ps.private.clone(), public: ps.public.clone() };
            assert_eq!(reason(&app, &another.sign(json!({}))).await, "the algorithm is unknown or not that of the key");
            let another = Key { algorithm: Algorithm::RS512, private: any.private.clone(), public: any.public.clone() };
            assert_eq!(reason(&app, &another.sign(json!({}))).await, "the algorithm is unknown or not that of the key");
            assert_eq!(reason(&app, &ec.sign(json!({ "aud": "other" }))).await, "wrong audience");
            assert_eq!(reason(&app, &ec.sign(json!({ "iss": "https://id.example.org/" }))).await, "unknown issuer");
            assert_eq!(reason(&app, &ec.sign(json!({ "sub": "new", "email_verified": null }))).await, "the token has no verified e-mail address");
            assert_eq!(reason(&app, &ec.sign(json!({ "exp": NOW - 60 }))).await, "the token has expired");
        })
        .await;
    }

    async fn a_key_of_an_unknown_kind_does_not_make_the_others_useless(stage: Stage) {
        let (provider, key) = (Provider::start(), Key::ed25519("one"));
        let unknown = json!({ "kty": "EC", "crv": "secp256k1", "kid": "odd", "x": "AA", "y": "AA" });
        *provider.keys.lock().unwrap() = json!({ "keys": [unknown, key.public, { "kty": "new" }, 5] }).to_string();
        serve(&stage, &provider, "/keys", async |app: App| {
            assert!(viewer(&app, &key.sign(json!({}))).await["id"].is_string());
        })
        .await;
    }
}
