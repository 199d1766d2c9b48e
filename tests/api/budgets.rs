//! Budgets that refill over time: cost, sign-ups, stored answers.

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::people::People;
use crate::support::{App, Stage};

/// A query of cost 58.
const PAGE: &str = "{ courses(first: 20) { nodes { title } } }";
const SMALL: &str = "{ __typename }";

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The remaining budget, as the header reports it.
    fn remaining(&self) -> u64 {
        let text = self.header("ratelimit");
        let digits = text.strip_prefix("\"cost\";r=").unwrap_or_else(|| panic!("{text}"));
        digits.split(';').next().unwrap().parse().unwrap()
    }
}

async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, body: answer.json().await.unwrap() }
}

fn post(app: &App, query: &str) -> RequestBuilder {
    app.client.post(format!("{}/graphql", app.address)).json(&json!({ "query": query }))
}

fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status, 429, "{}", answer.body);
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "RATE_LIMITED", "{}", answer.body);
    assert!(answer.body.get("data").is_none(), "{}", answer.body);
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!(seconds > 0 && extensions["retryAfter"] == seconds, "{}", answer.body);
}

fn sign_up(name: &str) -> String {
    format!(
        "mutation {{ signUp(input: {{email: \"{name}@example.org\", password: \"correct horse battery\", displayName: \"{name}\"}}) \
         {{ accessToken userErrors {{ code }} }} }}"
    )
}

on_sqlite! {
    settings("cost_per_minute = 250")
    async fn a_client_that_has_used_up_its_budget_is_told_when_to_come_again(app: App) {
        for _ in 0..4 {
            assert_eq!(send(post(&app, PAGE)).await.status, 200);
        }
        for accept in ["application/json", "application/graphql-response+json"] {
            let refused = send(post(&app, PAGE).header("accept", accept)).await;
            assert_refused(&refused);
            assert!(refused.header("content-type").starts_with(accept));
        }
        let small = send(post(&app, SMALL)).await;
        assert_eq!(small.status, 200, "small queries go on: {}", small.body);
        app.clock.set("2026-06-01T12:01:00Z");
        assert_eq!(send(post(&app, PAGE)).await.status, 200);
    }

    settings("cost_per_minute = 20")
    async fn a_request_that_no_budget_holds_takes_next_to_nothing(app: App) {
        for left in [19, 18, 17] {
            let refused = send(post(&app, PAGE)).await;
            assert_refused(&refused);
            assert!(refused.remaining() <= left, "{}", refused.header("ratelimit"));
        }
        assert_eq!(send(post(&app, SMALL)).await.status, 200);
    }

    async fn every_answer_says_what_is_left(app: App) {
        let first = send(post(&app, PAGE)).await;
        assert_eq!(first.header("ratelimit-policy"), "\"cost\";q=3000000;w=60");
        assert_eq!(first.remaining(), 3_000_000 - 58);
        assert!(first.body["extensions"]["cost"].get("budget").is_none(), "others may get this answer: {}", first.body);
        let refused = send(post(&app, "{ nonsense }")).await;
        assert_eq!(refused.remaining(), first.remaining() - 6);
        let by_get = send(app.client.get(format!("{}/graphql?query={SMALL}", app.address))).await;
        assert_eq!(by_get.remaining(), refused.remaining() - 6);
    }

    settings("cache_mb = 1")
    async fn an_answer_that_is_kept_costs_one_unit(app: App) {
        let made = send(post(&app, PAGE)).await;
        let kept = send(post(&app, PAGE)).await;
        assert_eq!((made.remaining() - kept.remaining(), &kept.body), (1, &made.body));
    }

    async fn what_is_for_one_caller_says_what_they_have_left(app: App) {
        let ann = People::of(&app).await.person("ann@example.org").await;
        let answer = send(post(&app, PAGE).bearer_auth(&ann.token)).await;
        let budget = &answer.body["extensions"]["cost"]["budget"];
        assert_eq!(*budget, json!({ "limit": 3_000_000, "remaining": answer.remaining(), "resetSeconds": 1 }));
    }

    settings("cost_per_minute = 130\ntrusted_proxies = 1")
    async fn accounts_networks_and_addresses_have_budgets_of_their_own(app: App) {
        let people = People::of(&app).await;
        let (ann, bob) = (people.person("ann@example.org").await, people.person("bob@example.org").await);
        let from = |address: &str| post(&app, PAGE).header("x-forwarded-for", address);
        let pairs = [
            (from("192.0.2.1"), from("192.0.2.1:4711"), from("192.0.2.2")),
            (from("2001:db8::1"), from("2001:db8::ffff:2"), from("2001:db8:0:1::1")),
            (from("::ffff:198.51.100.1"), from("198.51.100.1"), from("198.51.100.2")),
            (from("203.0.113.1").bearer_auth(&ann.token), from("203.0.113.2").bearer_auth(&ann.token), from("203.0.113.1").bearer_auth(&bob.token)),
        ];
        for (one, same, other) in pairs {
            let again = same.try_clone().unwrap();
            assert_eq!(send(one).await.status, 200);
            assert_eq!(send(same).await.status, 200);
            assert_refused(&send(again).await);
            assert_eq!(send(other).await.status, 200);
        }
    }

    settings("cost_per_minute = 130")
    async fn whom_a_client_says_it_forwards_for_counts_for_nothing_without_a_proxy(app: App) {
        let mut answers = Vec::new();
        for number in 0..4 {
            answers.push(send(post(&app, PAGE).header("x-forwarded-for", format!("192.0.2.{number}"))).await.status);
        }
        assert_eq!(answers, [200, 200, 429, 429]);
    }

    settings("cost_per_minute = 0")
    async fn a_budget_that_is_off_says_nothing(app: App) {
        let answer = send(post(&app, PAGE)).await;
        assert_eq!((answer.status, answer.header("ratelimit"), answer.header("ratelimit-policy")), (200, "", ""));
    }

    settings("cost_per_minute = 100")
    async fn courses_for_search_engines_are_on_the_same_budget(app: App) {
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(app.get("/courses/none.jsonld").await.status().as_u16());
        }
        assert_eq!(answers, [404, 404, 404, 429]);
    }

    settings("sign_ups_per_day = 2\nallowed_origins = [\"*\"]")
    async fn an_address_makes_so_many_accounts_in_a_day(app: App) {
        for name in ["ann", "bob"] {
            let answer = send(post(&app, &sign_up(name))).await;
            assert!(answer.body["data"]["signUp"]["accessToken"].is_string(), "{}", answer.body);
        }
        let answer = send(post(&app, &sign_up("cy")).header("origin", "https://example.org")).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{}", answer.body);
        assert_eq!(answer.body["data"]["signUp"], Value::Null);
        assert!(answer.body["errors"][0]["extensions"]["retryAfter"].as_u64().unwrap() > 3_600);
        assert!(answer.header("access-control-expose-headers").contains("ratelimit"), "pages may read what is left");
        app.clock.set("2026-06-02T12:00:00Z");
        let answer = send(post(&app, &sign_up("cy"))).await;
        assert!(answer.body["data"]["signUp"]["accessToken"].is_string(), "{}", answer.body);
    }
}

on_both! {
    #![empty]

    async fn answers_are_kept_for_keys_as_far_as_the_budget_goes(stage: Stage) {
        stage.with("kept_answers_mb_per_day = 1").serve(|app| async move {
            let ann = People::of(&app).await.person("ann@example.org").await;
            let register = "mutation { registerProvider(input: {name: \"One\", kind: PLATFORM}) { provider { slug } userErrors { code } } }";
            let keyed = |key: usize| post(&app, register).bearer_auth(&ann.token).header("idempotency-key", key.to_string());
            let mut statuses = Vec::new();
            for key in 0..1_030 {
                statuses.push(send(keyed(key)).await.status);
            }
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1_024);
            assert_refused(&send(keyed(5_000)).await);
            assert_eq!(send(keyed(0)).await.status, 200, "what is kept is answered");
        }).await;
    }
}
