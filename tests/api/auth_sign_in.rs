//! Signing up, in and out.

use serde_json::{Value, json};

use crate::support::people::{PASSWORD, user_errors};
use crate::support::{App, People, global_id};

const VIEWER: &str = "{ viewer { id email emailVerified displayName staff } }";

async fn sign_up(app: &App, input: Value) -> Value {
    let query = "mutation($input: SignUpInput!) { signUp(input: $input) \
                 { account { email displayName } accessToken expiresAt userErrors { code path } } }";
    app.ask(query, json!({ "input": input })).await["data"]["signUp"].take()
}

async fn sign_in(app: &App, email: &str, password: &str) -> Value {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) \
                 { account { email } accessToken refreshToken userErrors { code message path } } }";
    app.ask(query, json!({ "input": { "email": email, "password": password } })).await["data"]["signIn"].take()
}

on_both! {
    #![empty]

    async fn whoever_signs_up_is_signed_in(app: App) {
        let ann = app.sign_up("Ann@Example.org").await;
        let answer = app.ask_as(&ann.token, VIEWER, json!({})).await;
        let expected = json!({ "id": ann.id, "email": "ann@example.org", "emailVerified": false, "displayName": "Ann", "staff": false });
        assert_eq!(answer["data"]["viewer"], expected, "{answer:#}");
        assert_eq!(app.data(VIEWER).await["viewer"], Value::Null);
    }

    async fn whoever_has_signed_up_signs_in_with_the_same_password(app: App) {
        app.sign_up("ann@example.org").await;
        let session = sign_in(&app, " ANN@example.org", PASSWORD).await;
        assert_eq!(user_errors(&session), [""; 0]);
        let answer = app.ask_as(session["accessToken"].as_str().unwrap(), VIEWER, json!({})).await;
        assert_eq!(answer["data"]["viewer"]["email"], "ann@example.org");
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_with_the_same_words(app: App) {
        app.sign_up("ann@example.org").await;
        let wrong = sign_in(&app, "ann@example.org", "correct horse battery stable").await;
        assert_eq!(user_errors(&wrong), ["WRONG_CREDENTIALS input"]);
        assert_eq!((&wrong["account"], &wrong["accessToken"]), (&Value::Null, &Value::Null));
        assert_eq!(sign_in(&app, "bob@example.org", PASSWORD).await, wrong);
        assert_eq!(sign_in(&app, "no address", PASSWORD).await, wrong);
    }

    async fn everything_wrong_with_a_new_account_is_said_at_once(app: App) {
        let wrong = sign_up(&app, json!({ "email": "@", "password": "short", "displayName": " " })).await;
        assert_eq!(user_errors(&wrong), ["INVALID input.email", "TOO_SHORT input.password", "TOO_SHORT input.displayName"]);
        for (field, value, fault) in [
            ("email", "a@b\r\nBcc: c@example.org".to_owned(), "INVALID input.email"),
            ("email", format!("{}@example.org", "a".repeat(65)), "INVALID input.email"),
            ("email", format!("a@{}.org", "example.".repeat(32)), "INVALID input.email"),
            ("email", "ann@localhost".to_owned(), "INVALID input.email"),
            ("email", "ann@\u{0430}.org".to_owned(), "INVALID input.email"),
            ("email", "a b@example.org".to_owned(), "INVALID input.email"),
            ("password", "é".repeat(129), "TOO_LONG input.password"),
            ("displayName", "Ann\u{0}".to_owned(), "INVALID input.displayName"),
            ("displayName", "\u{202e}nnA".to_owned(), "INVALID input.displayName"),
            ("displayName", "x".repeat(201), "TOO_LONG input.displayName"),
        ] {
            let mut input = json!({ "email": "ann@example.org", "password": PASSWORD, "displayName": "Ann" });
            input[field] = value.into();
            assert_eq!(user_errors(&sign_up(&app, input).await), [fault]);
        }
        assert_eq!(user_errors(&sign_in(&app, "ann@example.org", PASSWORD).await), ["WRONG_CREDENTIALS input"]);
    }

    async fn one_address_has_one_account_also_when_two_ask_at_once(app: App) {
        let input = json!({ "email": "ann@example.org", "password": PASSWORD, "displayName": "Ann" });
        let answers = futures_util::future::join_all((0..4).map(|_| sign_up(&app, input.clone()))).await;
        let mut user_errors: Vec<Vec<String>> = answers.iter().map(user_errors).collect();
        user_errors.sort();
        assert_eq!(user_errors[0], [""; 0]);
        assert!(user_errors[1..].iter().all(|user_errors| *user_errors == ["TAKEN input.email"]), "{user_errors:?}");
    }

    async fn an_account_is_seen_by_its_owner_and_staff_alone(app: App) {
        let people = People::of(&app).await;
        let (ann, bob, staff) = (people.person("ann@example.org").await, people.person("bob@example.org").await, people.staff().await);
        let query = "query($id: ID!) { node(id: $id) { ... on Account { email } } }";
        for (token, expected) in [(&ann.token, json!({ "email": "ann@example.org" })), (&bob.token, Value::Null), (&staff.token, json!({ "email": "ann@example.org" }))] {
            assert_eq!(app.ask_as(token, query, json!({ "id": ann.id })).await["data"]["node"], expected);
        }
        assert_eq!(app.ask(query, json!({ "id": ann.id })).await["data"]["node"], Value::Null);
        assert_eq!(app.ask_as(&staff.token, query, json!({ "id": global_id("Account", 1) })).await["data"]["node"], Value::Null);
    }

    async fn a_refresh_token_gives_new_tokens_and_ends_the_session_when_it_comes_again_later(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let next = refresh(&app, &ann.refresh_token).await;
        assert_eq!(user_errors(&next), [""; 0]);
        let (token, newer) = (next["accessToken"].as_str().unwrap(), next["refreshToken"].as_str().unwrap());
        assert_ne!(newer, ann.refresh_token);
        assert_eq!(app.ask_as(token, VIEWER, json!({})).await["data"]["viewer"]["id"], ann.id);
        app.clock.set("2026-06-01T12:00:31Z");
        assert_eq!(user_errors(&refresh(&app, &ann.refresh_token).await), ["EXPIRED refreshToken"]);
        assert_eq!(user_errors(&refresh(&app, newer).await), ["EXPIRED refreshToken"], "the whole session has ended");
        for token in [token, &ann.token] {
            assert_eq!(app.ask_as(token, VIEWER, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
    }

    async fn two_tabs_that_refresh_within_half_a_minute_stay_in_one_session(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let first = refresh(&app, &ann.refresh_token).await;
        app.clock.set("2026-06-01T12:00:30Z");
        let second = refresh(&app, &ann.refresh_token).await;
        assert_ne!(first["refreshToken"], second["refreshToken"]);
        app.clock.set("2026-06-01T12:05:00Z");
        for tab in [first, second] {
            assert_eq!(app.ask_as(tab["accessToken"].as_str().unwrap(), VIEWER, json!({})).await["data"]["viewer"]["id"], ann.id);
            assert_eq!(user_errors(&refresh(&app, tab["refreshToken"].as_str().unwrap()).await), [""; 0]);
        }
        assert_eq!(user_errors(&refresh(&app, &ann.refresh_token).await), ["EXPIRED refreshToken"], "it is not its last use that counts");
        assert_eq!(app.ask_as(&ann.token, VIEWER, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }

    async fn all_who_refresh_at_once_get_tokens_of_the_same_session(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(&app, &ann.refresh_token))).await;
        for answer in &answers {
            assert_eq!(user_errors(answer), [""; 0]);
            assert_eq!(user_errors(&refresh(&app, answer["refreshToken"].as_str().unwrap()).await), [""; 0]);
        }
        let sign_out = "mutation($token: String!) { signOut(refreshToken: $token) { userErrors { code } } }";
        app.ask(sign_out, json!({ "token": ann.refresh_token })).await;
        for answer in &answers {
            assert_eq!(user_errors(&refresh(&app, answer["refreshToken"].as_str().unwrap()).await), ["EXPIRED refreshToken"]);
            let viewer = app.ask_as(answer["accessToken"].as_str().unwrap(), VIEWER, json!({})).await;
            assert_eq!(viewer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
    }

    async fn who_has_signed_out_refreshes_no_more_however_soon(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        let next = refresh(&app, &ann.refresh_token).await;
        let sign_out = "mutation($token: String!) { signOut(refreshToken: $token) { userErrors { code } } }";
        app.ask(sign_out, json!({ "token": next["refreshToken"] })).await;
        for token in [ann.refresh_token.as_str(), next["refreshToken"].as_str().unwrap()] {
            assert_eq!(user_errors(&refresh(&app, token).await), ["EXPIRED refreshToken"]);
        }
    }

    async fn malformed_addresses_are_refused(app: App) {
        for email in [
            "ann", "@example.org", "ann@", "ann@@example.org", "a@b@example.org", "ann@example", "ann@example.org.", "ann@.example.org",
            "ann@example..org", ".ann@example.org", "ann.@example.org", "a..n@example.org", "\"ann\"@example.org", "ann @example.org",
            "ann@exa mple.org", "ann@example.org\n", "\tann@example.org", "ann@[127.0.0.1]", "ann@127.0.0.1", "ann@example.1", "ann@example.o",
            "ann@-example.org", "ann@example-.org", "ann@xn--\u{df}.org", "ann@xn--a.org", "Ann <ann@example.org>", "ann@example.org,bob@example.org",
            "ann@example.org\u{0}", "\u{a0}ann@example.org", "ann(x)@example.org",
        ] {
            let input = json!({ "email": email, "password": PASSWORD, "displayName": "Ann" });
            assert_eq!(user_errors(&sign_up(&app, input).await), ["INVALID input.email"], "{email:?}");
            let reset = "mutation($email: String!) { payload: requestPasswordReset(email: $email) { userErrors { code path } } }";
            let answer = app.ask(reset, json!({ "email": email })).await;
            assert_eq!(user_errors(&answer["data"]["payload"]), ["INVALID email"], "{email:?}");
        }
        for email in ["o'brien+x@sub.example.org", "ann@xn--bcher-kva.example", "ann@example.xn--p1ai"] {
            let input = json!({ "email": email, "password": PASSWORD, "displayName": "Ann" });
            assert_eq!(user_errors(&sign_up(&app, input).await), [""; 0], "{email:?}");
        }
    }

    async fn a_session_ends_after_thirty_days_whoever_goes_on_with_it(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        app.clock.set("2026-07-01T11:59:59Z");
        let next = refresh(&app, &ann.refresh_token).await;
        assert_eq!(user_errors(&next), [""; 0]);
        app.clock.set("2026-07-01T12:00:00Z");
        assert_eq!(user_errors(&refresh(&app, next["refreshToken"].as_str().unwrap()).await), ["EXPIRED refreshToken"]);
    }

    async fn whoever_signs_out_is_out_at_once(app: App) {
        let (ann, bob) = (app.sign_up("ann@example.org").await, app.sign_up("bob@example.org").await);
        let query = "mutation($token: String!) { signOut(refreshToken: $token) { userErrors { code } } }";
        for token in [&ann.refresh_token, &ann.refresh_token, "unknown"] {
            let answer = app.ask(query, json!({ "token": token })).await;
            assert_eq!(answer["data"]["signOut"]["userErrors"], json!([]), "{answer:#}");
        }
        assert_eq!(app.ask_as(&ann.token, VIEWER, json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(user_errors(&refresh(&app, &ann.refresh_token).await), ["EXPIRED refreshToken"]);
        assert_eq!(app.ask_as(&bob.token, VIEWER, json!({})).await["data"]["viewer"]["id"], bob.id);
    }
}

async fn refresh(app: &App, token: &str) -> Value {
    let query = "mutation($token: String!) { refreshSession(refreshToken: $token) \
                 { accessToken refreshToken userErrors { code path } } }";
    app.ask(query, json!({ "token": token })).await["data"]["refreshSession"].take()
}
