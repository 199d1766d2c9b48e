//! Attempts are counted per address and per client.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::people::PASSWORD;

/// The seconds to wait, if that is the answer to a wrong password.
async fn try_at(app: &App, email: &str) -> Option<u64> {
    try_from(app, email, "192.0.2.1").await
}

/// The same for a client named by a proxy.
async fn try_from(app: &App, email: &str, client: &str) -> Option<u64> {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
    let body = json!({ "query": query, "variables": { "input": { "email": email, "password": "wrong" } } });
    let request = app.client.post(format!("{}/graphql", app.address)).json(&body).header("x-forwarded-for", client);
    let answer = request.send().await.unwrap();
    let header = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().parse::<u64>().unwrap());
    let answer: Value = answer.json().await.unwrap();
    let error = &answer["errors"][0]["extensions"];
    if error.is_null() {
        assert_eq!(answer["data"]["signIn"]["userErrors"][0]["code"], "WRONG_CREDENTIALS", "{answer:#}");
        return None;
    }
    assert_eq!((&error["code"], &error["retryAfter"]), (&"RATE_LIMITED".into(), &header.unwrap().into()), "{answer:#}");
    error["retryAfter"].as_u64()
}

on_both! {
    #![empty]

    async fn an_address_is_tried_at_ten_times_and_then_once_a_minute(app: App) {
        let ann = app.sign_up("ann@example.org").await;
        for _ in 0..9 {
            assert_eq!(try_at(&app, "ann@example.org").await, None);
        }
        assert_eq!(try_at(&app, " ANN@example.org").await, Some(60));
        assert_eq!(try_at(&app, "bob@example.org").await, None);
        app.clock.set("2026-06-01T12:01:00Z");
        assert_eq!(try_at(&app, "ann@example.org").await, None);
        let right = "mutation($input: SignInInput!) { session: signIn(input: $input) { accessToken } }";
        let input = json!({ "input": { "email": "ann@example.org", "password": PASSWORD } });
        assert_eq!(app.ask(right, input.clone()).await["errors"][0]["extensions"]["code"], "RATE_LIMITED");
        app.clock.set("2026-06-01T12:02:00Z");
        assert!(app.ask(right, input).await["data"]["session"]["accessToken"].is_string());
        assert!(app.ask_as(&ann.token, "{ viewer { id } }", json!({})).await["data"]["viewer"].is_object());
    }
}

on_sqlite! {
    async fn every_alias_is_a_try_of_its_own(app: App) {
        let input = "(input: {email: \"ann@example.org\", password: \"wrong\"}) { userErrors { code } }";
        let tries: Vec<String> = (0..12).map(|n| format!("t{n}: signIn{input}")).collect();
        let answer = app.ask(&format!("mutation {{ {} }}", tries.join(" ")), json!({})).await;
        let tried = answer["data"].as_object().unwrap().values().filter(|one| one.is_object()).count();
        assert_eq!((tried, answer["errors"].as_array().unwrap().len()), (10, 2), "{answer:#}");
    }

    async fn a_client_is_limited_at_whichever_address_it_tries_and_whatever_it_says_of_itself(app: App) {
        for n in 0..101 {
            assert_eq!(is_refused(&app, n, &format!("192.0.2.{n}")).await, n == 100, "{n}");
        }
    }

    async fn whoever_goes_on_guessing_waits_longer_each_time_and_a_clock_put_back_changes_nothing(app: App) {
        for _ in 0..10 {
            assert_eq!(try_at(&app, "ann@example.org").await, None);
        }
        let mut now = app.now();
        for wait in [60, 60, 120, 180, 300, 480, 780, 900, 900] {
            assert_eq!(try_at(&app, "ann@example.org").await, Some(wait));
            app.clock.set(&(now - chrono::TimeDelta::hours(1)).to_rfc3339());
            assert_eq!(try_at(&app, "ann@example.org").await, Some(wait));
            now = app.now() + chrono::TimeDelta::seconds(wait.try_into().unwrap());
            app.clock.set(&now.to_rfc3339());
            assert_eq!(try_at(&app, "ann@example.org").await, None);
        }
    }

    settings("trusted_proxies = 1")
    async fn nobody_locks_the_owner_out_who_asks_from_elsewhere(app: App) {
        app.sign_up("ann@example.org").await;
        for n in 0..30 {
            for _ in 0..11 {
                try_from(&app, "ann@example.org", &format!("198.51.100.{n}")).await;
            }
            assert!(try_from(&app, "ann@example.org", &format!("198.51.100.{n}")).await.is_some());
        }
        assert_eq!(try_from(&app, "ann@example.org", "203.0.113.5").await, None, "a slip of the owner");
        let body = json!({ "query": "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }",
            "variables": { "input": { "email": "ann@example.org", "password": PASSWORD } } });
        let owner = app.client.post(format!("{}/graphql", app.address)).json(&body).header("x-forwarded-for", "203.0.113.5");
        let answer: Value = owner.send().await.unwrap().json().await.unwrap();
        assert!(answer["data"]["signIn"]["accessToken"].is_string(), "{answer:#}");
        let mut slower = 0;
        while try_from(&app, "ann@example.org", "203.0.113.99").await.is_none() {
            slower += 1;
        }
        assert_eq!(slower, 2, "while so many guess, everybody has fewer tries");
    }

    async fn the_right_password_ends_the_waiting(app: App) {
        app.sign_up("ann@example.org").await;
        let right = "mutation($input: SignInInput!) { session: signIn(input: $input) { accessToken } }";
        let input = json!({ "input": { "email": "ann@example.org", "password": PASSWORD } });
        for _ in 0..2 {
            for _ in 0..8 {
                assert_eq!(try_at(&app, "ann@example.org").await, None);
            }
            assert!(app.ask(right, input.clone()).await["data"]["session"]["accessToken"].is_string());
        }
    }

    settings("trusted_proxies = 1")
    async fn behind_a_proxy_the_client_is_whom_the_proxy_names(app: App) {
        for n in 0..101 {
            assert_eq!(is_refused(&app, n, &format!("192.0.2.{n}, 198.51.100.7")).await, n == 100, "{n}");
        }
        assert!(!is_refused(&app, 101, "198.51.100.7, 192.0.2.1").await);
    }
}

/// Whether a client is refused that requests mail to an address: an attempt that needs no hashing.
async fn is_refused(app: &App, address: u32, forwarded: &str) -> bool {
    let query =
        format!("mutation {{ requestPasswordReset(email: \"{address}@example.org\") {{ userErrors {{ code }} }} }}");
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": query }));
    let answer: Value = request.header("x-forwarded-for", forwarded).send().await.unwrap().json().await.unwrap();
    let refused = answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED";
    assert!(refused || answer["data"]["requestPasswordReset"]["userErrors"] == json!([]), "{answer:#}");
    refused
}
