//! The keys that sign access tokens, and their public halves.

use entity::session;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use lectern::app::Application;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::people::Person;
use crate::support::{App, People, settings_of};

const VIEWER: &str = "{ viewer { id } }";

async fn knows(app: &App, person: &Person) -> bool {
    app.ask_as(&person.token, VIEWER, json!({})).await["data"]["viewer"]["id"] == person.id
}

async fn published(app: &App) -> JwkSet {
    app.get("/.well-known/jwks.json").await.json().await.unwrap()
}

/// The `kid` of the key that `lectern keys rotate` created.
async fn rotate(app: &App, arguments: &str) -> String {
    let ended = app.command(&format!("keys rotate {arguments}")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.error);
    ended.out.split_whitespace().nth(7).unwrap().to_owned()
}

on_both! {
    #![empty]

    async fn tokens_can_be_verified_by_whoever_knows_the_published_keys(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let answer = app.get("/.well-known/jwks.json").await;
        assert_eq!(answer.headers()["cache-control"], "public, max-age=300");
        let keys: Value = answer.json().await.unwrap();
        assert!(!keys.to_string().contains("\"d\""), "{keys}");
        let key = &published(&app).await.keys[0];
        let header = jsonwebtoken::decode_header(&ann.token).unwrap();
        assert_eq!((header.kid, header.alg), (key.common.key_id.clone(), jsonwebtoken::Algorithm::EdDSA));
        let mut rules = Validation::new(jsonwebtoken::Algorithm::EdDSA);
        rules.set_issuer(&["lectern"]);
        rules.set_audience(&["lectern"]);
        (rules.validate_exp, rules.validate_nbf) = (false, false);
        let claims = jsonwebtoken::decode::<Value>(&ann.token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims;
        let names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"]);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    }

    async fn keys_of_every_algorithm_sign_once_they_are_there_and_old_tokens_stay_good(app: App) {
        let mut people = vec![app.sign_up("eddsa@example.org").await];
        for (minute, algorithm) in ["ES256", "RS256", "EdDSA"].into_iter().enumerate() {
            let kid = rotate(&app, &format!("--algorithm {algorithm}")).await;
            app.clock.set(&format!("2026-06-01T12:0{}:00Z", minute + 1));
            let person = app.sign_up(&format!("{minute}@example.org")).await;
            let header = jsonwebtoken::decode_header(&person.token).unwrap();
            assert_eq!((header.kid, format!("{:?}", header.alg)), (Some(kid), algorithm.to_owned()));
            people.push(person);
        }
        for person in &people {
            assert!(knows(&app, person).await);
        }
        assert_eq!(published(&app).await.keys.len(), 4);
    }

    async fn a_token_of_a_key_that_another_process_has_just_made_is_known(app: App) {
        let mut ann = People::of(&app).await.person("ann@example.org").await;
        let subject = session::Entity::find().one(&People::of(&app).await.db).await.unwrap().unwrap();
        rotate(&app, "").await;
        let folder = tempfile::tempdir().unwrap();
        let settings = settings_of(folder.path(), &app.database_url, "seed = 'none'");
        let other = Application::build(settings, app.clock.clone()).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        let issued = other.state().auth.tokens.issue(subject.account_id, subject.id).await;
        ann.token = issued.unwrap_or_else(|error| panic!("{}", error.cause())).token;
        app.clock.set("2026-06-01T12:00:01Z");
        assert!(knows(&app, &ann).await);
    }

    async fn a_key_stops_verifying_when_its_last_token_has_long_expired(app: App) {
        let first = published(&app).await.keys;
        rotate(&app, "").await;
        app.clock.set("2100-01-01T00:00:00Z");
        let second = published(&app).await.keys;
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first[0].common.key_id, second[0].common.key_id);
    }
}
