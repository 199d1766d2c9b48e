//! Which tokens are valid, and what happens to the others.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use entity::{MemberRole, account, service_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{App, Catalogue, People};

const VIEWER: &str = "{ viewer { id } }";

/// The status of a public query with these Authorization headers. Checks that all refusals look alike.
async fn status(app: &App, headers: &[&str]) -> u16 {
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": "{ __typename }" }));
    let request = headers.iter().fold(request, |request, value| request.header("authorization", *value));
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let challenge = answer.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
    let body: Value = answer.json().await.unwrap();
    if status == 401 {
        let challenge = challenge.unwrap();
        let reason = challenge.strip_prefix("Bearer error=\"invalid_token\", error_description=\"").unwrap();
        assert!(reason.len() > 10 && reason.ends_with('"'), "{challenge}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let echoed = |header: &&str| header.len() > 8 && body.to_string().contains(*header);
        assert!(body.get("data").is_none() && !headers.iter().any(echoed), "{body}");
    }
    status
}

/// The status with this token.
async fn bearer(app: &App, token: &str) -> u16 {
    status(app, &[&format!("Bearer {token}")]).await
}

/// A part of a token with some members changed; null removes a member.
fn changed(part: &str, changes: &Value) -> String {
    let mut part: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        part[name] = value.clone();
    }
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

on_both! {
    #![empty]

    async fn a_header_that_is_no_good_token_is_refused_on_public_queries_too(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let good = format!("Bearer {}", ann.token);
        assert_eq!(status(&app, &[]).await, 200);
        assert_eq!(status(&app, &[&good]).await, 200);
        assert_eq!(status(&app, &[&good.replace("Bearer", "bEARER")]).await, 200);
        assert_eq!((status(&app, &[""]).await, status(&app, &["  "]).await), (200, 200));
        assert_eq!((status(&app, &[&good, &good]).await, status(&app, &["", &good]).await), (401, 401));
        for wrong in ["Bearer", "Bearer ", "Bearer x", "Bearer a.b", "Bearer a.b.c.d.e", "Basic YTpi", "Bearer\tx", "bearerx"] {
            assert_eq!(status(&app, &[wrong]).await, 401, "{wrong}");
        }
        for wrong in [good.replace("Bearer ", "Bearer  "), good.replace("Bearer ", "Basic "), ann.token.clone(), format!("{good} x"), format!("{good}=")] {
            assert_eq!(status(&app, &[&wrong]).await, 401, "{wrong}");
        }
        assert_eq!(bearer(&app, &"a".repeat(16_000)).await, 401);
    }

    async fn a_token_that_we_have_not_signed_as_it_stands_is_refused(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let parts: Vec<&str> = ann.token.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("{}", ann.token) };
        assert_eq!(bearer(&app, &ann.token).await, 200);
        for change in [
            json!({ "alg": "none" }), json!({ "alg": "None" }), json!({ "alg": 5 }), json!({ "alg": ["EdDSA"] }), json!({ "alg": null }),
            json!({ "alg": "HS256" }), json!({ "alg": "HS512" }), json!({ "alg": "RS256" }), json!({ "alg": "ES256" }),
            json!({ "kid": "../../etc/passwd" }), json!({ "kid": "' or 1=1 --" }), json!({ "kid": null }), json!({ "kid": 7 }),
            json!({ "jku": "http://127.0.0.1:1/" }), json!({ "x5u": "http://127.0.0.1:1/" }), json!({ "crit": ["b64"] }), json!({ "b64": false }), json!({ "zip": "DEF" }),
        ] {
            let header = changed(header, &change);
            for signature in [signature, ""] {
                assert_eq!(bearer(&app, &format!("{header}.{claims}.{signature}")).await, 401, "{change}");
            }
        }
        for change in [json!({ "sub": "1" }), json!({ "exp": 99_999_999_999_i64 }), json!({ "sid": "1" })] {
            assert_eq!(bearer(&app, &format!("{header}.{}.{signature}", changed(claims, &change))).await, 401, "{change}");
        }
        let flipped = if signature.starts_with('A') { signature.replacen('A', "B", 1) } else { format!("A{}", &signature[1..]) };
        for signature in ["", "AAAA", &signature[..signature.len() - 4], &flipped] {
            assert_eq!(bearer(&app, &format!("{header}.{claims}.{signature}")).await, 401, "{signature}");
        }
        assert_eq!(bearer(&app, &format!("{header}.{claims}")).await, 401);
    }

    async fn an_access_token_is_good_for_a_quarter_of_an_hour(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        for (time, expected) in [
            ("2026-06-01T11:59:55Z", 200),
            ("2026-06-01T11:59:54Z", 401),
            ("2026-06-01T12:15:04Z", 200),
            ("2026-06-01T12:15:05Z", 401),
        ] {
            app.clock.set(time);
            assert_eq!(bearer(&app, &ann.token).await, expected, "{time}");
        }
    }

    async fn a_token_ends_with_its_session_and_its_account(app: App) {
        let people = People::of(&app).await;
        let (ann, bob, cy) = (people.person("ann@example.org").await, people.person("bob@example.org").await, people.person("cy@example.org").await);
        let of = |person: &crate::support::people::Person| session::Column::AccountId.eq(person.account);
        let end = session::Entity::update_many().col_expr(session::Column::EndedAt, Expr::value(app.now()));
        end.filter(of(&ann)).exec(&people.db).await.unwrap();
        let expire = session::Entity::update_many().col_expr(session::Column::ExpiresAt, Expr::value(app.now()));
        expire.filter(of(&bob)).exec(&people.db).await.unwrap();
        assert_eq!((bearer(&app, &ann.token).await, bearer(&app, &bob.token).await, bearer(&app, &cy.token).await), (401, 401, 200));
        account::Entity::delete_by_id(cy.account).exec(&people.db).await.unwrap();
        assert_eq!(bearer(&app, &cy.token).await, 401);
    }

    async fn a_service_token_is_good_until_it_expires_or_is_revoked(app: App) {
        let (catalogue, people) = (Catalogue::of(&app).await, People::of(&app).await);
        let provider = catalogue.provider("School").await;
        let token = people.service_token(provider).await;
        let answer = app.ask_as(&token, VIEWER, json!({})).await;
        assert_eq!((&answer["data"], answer.get("errors")), (&json!({ "viewer": null }), None), "{answer}");
        assert_eq!((bearer(&app, "lectern_st_x").await, bearer(&app, &format!("{token}x")).await), (401, 401));
        app.clock.set("2027-06-01T12:00:00Z");
        assert_eq!(bearer(&app, &token).await, 401);
        app.clock.set("2027-06-01T11:59:59Z");
        assert_eq!(bearer(&app, &token).await, 200);
        let revoke = service_token::Entity::update_many().col_expr(service_token::Column::RevokedAt, Expr::value(app.now()));
        revoke.exec(&people.db).await.unwrap();
        assert_eq!(bearer(&app, &token).await, 401);
    }

    async fn knowing_a_caller_takes_one_statement_however_many_memberships_there_are(app: App) {
        let (catalogue, people) = (Catalogue::of(&app).await, People::of(&app).await);
        let ann = people.person("ann@example.org").await;
        let before = app.statements().await;
        assert_eq!(bearer(&app, &ann.token).await, 200);
        assert_eq!(app.statements().await - before, 1);
        for name in ["One", "Two", "Three"] {
            people.join(&ann, catalogue.provider(name).await, MemberRole::Editor).await;
        }
        let before = app.statements().await;
        assert_eq!(bearer(&app, &ann.token).await, 200);
        assert_eq!(app.statements().await - before, 1);
    }

    async fn what_somebody_who_has_signed_in_is_answered_is_kept_by_nobody(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let url = format!("{}/graphql", app.address);
        let get = app.client.get(format!("{url}?query={{viewer{{id}}}}")).bearer_auth(&ann.token).send().await.unwrap();
        let post = app.client.post(&url).bearer_auth(&ann.token).json(&json!({ "query": VIEWER })).send().await.unwrap();
        let sign_out = json!({ "query": "mutation { signOut(refreshToken: \"x\") { userErrors { code } } }" });
        let mutation = app.client.post(&url).json(&sign_out).send().await.unwrap();
        for answer in [get, post, mutation] {
            assert_eq!((answer.status().as_u16(), &answer.headers()["cache-control"]), (200, &"private, no-store".parse().unwrap()));
            assert!(!answer.headers().contains_key("etag"));
        }
    }
}

/// The reason given in the answer to a refused token.
async fn reason(app: &App, token: &str) -> String {
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": "{ __typename }" }));
    let answer = request.bearer_auth(token).send().await.unwrap();
    let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
    challenge.split("error_description=").nth(1).unwrap().trim_matches('"').to_owned()
}

on_both! {
    #![empty]

    async fn why_a_token_is_refused_is_said_in_the_header(app: App) {
        let people = People::of(&app).await;
        let ann = people.person("ann@example.org").await;
        let provider = Catalogue::of(&app).await.provider("School").await;
        let service = people.service_token(provider).await;
        let parts: Vec<&str> = ann.token.split('.').collect();
        let header = |change: Value| format!("{}.{}.{}", changed(parts[0], &change), parts[1], parts[2]);
        for (token, expected) in [
            ("x".to_owned(), "the token is malformed"),
            ("x".repeat(9_000), "the token is too long"),
            (header(json!({ "kid": "another" })), "unknown key"),
            (header(json!({ "alg": "HS256" })), "the algorithm is unknown or not that of the key"),
            (header(json!({ "alg": "none" })), "the algorithm is unknown or not that of the key"),
            (format!("{}.{}.{}", parts[0], changed(parts[1], &json!({ "sub": "1" })), parts[2]), "the signature does not match"),
            ("lectern_st_x".to_owned(), "unknown service token"),
        ] {
            assert_eq!(reason(&app, &token).await, expected);
        }
        app.clock.set("2026-06-01T11:00:00Z");
        assert_eq!(reason(&app, &ann.token).await, "the token is not yet valid");
        app.clock.set("2026-06-01T13:00:00Z");
        assert_eq!(reason(&app, &ann.token).await, "the token has expired");
        app.clock.set("2026-06-01T12:00:01Z");
        account::Entity::delete_by_id(ann.account).exec(&people.db).await.unwrap();
        assert_eq!(reason(&app, &ann.token).await, "the session has ended or the account is gone");
        app.clock.set("2027-06-01T12:00:00Z");
        assert_eq!(reason(&app, &service).await, "the token has expired");
    }
}
