//! Tries are counted: for one address, and for one client.

use serde_json::{Value, json};

use crate::support::App;
use crate::support::people::PASSWORD;

/// How many seconds to wait, where that is the answer to a wrong password.
async fn try_at(app: &App, email: &str) -> Option<u64> {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
    let body = json!({ "query": query, "variables": { "input": { "email": email, "password": "wrong" } } });
    let answer = app.client.post(format!("{}/graphql", app.address)).json(&body).send().await.unwrap();
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

    settings("trusted_proxies = 1")
    async fn behind_a_proxy_the_client_is_whom_the_proxy_names(app: App) {
        for n in 0..101 {
            assert_eq!(is_refused(&app, n, &format!("192.0.2.{n}, 198.51.100.7")).await, n == 100, "{n}");
        }
        assert!(!is_refused(&app, 101, "198.51.100.7, 192.0.2.1").await);
    }
}

/// Whether a client is refused that asks for a letter to an address of its own choice: a try that needs no hashing.
async fn is_refused(app: &App, address: u32, forwarded: &str) -> bool {
    let query =
        format!("mutation {{ requestPasswordReset(email: \"{address}@example.org\") {{ userErrors {{ code }} }} }}");
    let request = app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": query }));
    let answer: Value = request.header("x-forwarded-for", forwarded).send().await.unwrap().json().await.unwrap();
    let refused = answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED";
    assert!(refused || answer["data"]["requestPasswordReset"]["userErrors"] == json!([]), "{answer:#}");
    refused
}
