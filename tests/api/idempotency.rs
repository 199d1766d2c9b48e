//! `Idempotency-Key`: a mutation writes once, however often it is sent. `Lectern-Position`: a client reads its own
//! writes.

use catalog::secret;
use catalog::write::insert;
use chrono::TimeDelta;
use entity::{idempotency, provider};
use futures_util::future::join;
use sea_orm::sqlx::{Connection, Executor, PgConnection};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::people::{People, Person};
use crate::support::{App, Backend, Stage, waiting};

const REGISTER: &str = "mutation($name: String!) { registerProvider(input: {name: $name, kind: PLATFORM}) \
                        { provider { slug } userErrors { code } } }";

fn body(name: &str) -> Value {
    json!({ "query": REGISTER, "variables": { "name": name } })
}

async fn send(app: &App, token: &str, key: &str, body: &Value) -> (u16, String) {
    let request = app.client.post(format!("{}/graphql", app.address)).header("idempotency-key", key);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.body(body.to_string()).header("content-type", "application/json").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn code(answer: &str) -> Value {
    serde_json::from_str::<Value>(answer).unwrap()["errors"][0]["extensions"]["code"].take()
}

async fn somebody(app: &App) -> Person {
    People::of(app).await.person("ann@example.org").await
}

/// A claim of an earlier request for "One".
async fn claimed(app: &App, person: &Person, change: impl FnOnce(&mut idempotency::Model)) {
    let mut row = idempotency::Model {
        caller: format!("account:{}", person.account),
        key: String::new(),
        request: secret::hash(&body("One").to_string()),
        status: None,
        answer: None,
        position: None,
        created_at: app.now(),
    };
    change(&mut row);
    let done = insert::<idempotency::Entity>(&People::of(app).await.db, vec![row]).await;
    done.unwrap_or_else(|error| panic!("{}", error.cause()));
}

async fn providers(app: &App) -> u64 {
    provider::Entity::find().count(&People::of(app).await.db).await.unwrap()
}

on_both! {
    #![empty]

    async fn the_same_request_is_answered_as_the_first_time_and_writes_once(app: App) {
        let ann = somebody(&app).await;
        let first = send(&app, &ann.token, "k1", &body("One")).await;
        assert!(first.1.contains(r#""slug":"one""#), "{}", first.1);
        for _ in 0..3 {
            assert_eq!(send(&app, &ann.token, "k1", &body("One")).await, first);
        }
        assert_eq!(providers(&app).await, 1);
    }

    async fn two_that_come_at_the_same_instant_write_once(app: App) {
        let ann = somebody(&app).await;
        let all = futures_util::future::join_all((0..8).map(|_| async { send(&app, &ann.token, "k", &body("One")).await }));
        let answers = all.await;
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
        assert_eq!(providers(&app).await, 1);
    }

    async fn a_key_stands_for_one_request_of_one_caller(app: App) {
        let ann = somebody(&app).await;
        send(&app, &ann.token, "k", &body("One")).await;
        let (status, answer) = send(&app, &ann.token, "k", &body("Two")).await;
        assert_eq!((status, code(&answer)), (409, "CONFLICT".into()), "{answer}");
        let bob = People::of(&app).await.person("bob@example.org").await;
        let (status, answer) = send(&app, &bob.token, "k", &body("Two")).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(providers(&app).await, 2);
    }

    async fn what_is_wrong_with_a_request_is_kept_as_well(app: App) {
        let ann = somebody(&app).await;
        let first = send(&app, &ann.token, "k", &body(" ")).await;
        assert!(first.1.contains("TOO_SHORT"), "{}", first.1);
        assert_eq!(send(&app, &ann.token, "k", &body(" ")).await, first);
        assert_eq!(providers(&app).await, 0);
    }

    async fn a_key_is_free_again_after_a_day(app: App) {
        let ann = somebody(&app).await;
        let day = TimeDelta::hours(24);
        for (key, age) in [("kept", day - TimeDelta::seconds(1)), ("free", day + TimeDelta::seconds(1))] {
            claimed(&app, &ann, |row| {
                row.key = key.to_owned();
                row.status = Some(200);
                row.answer = Some("an earlier answer".to_owned());
                row.created_at = app.now() - age;
            })
            .await;
        }
        assert_eq!(send(&app, &ann.token, "kept", &body("One")).await, (200, "an earlier answer".to_owned()));
        let (status, answer) = send(&app, &ann.token, "free", &body("One")).await;
        assert_eq!((status, providers(&app).await), (200, 1), "{answer}");
    }

    async fn only_one_mutation_that_answers_no_secret_may_carry_a_key(app: App) {
        let ann = somebody(&app).await;
        let two = REGISTER.replace("registerProvider", "a: __typename registerProvider");
        let sign_in = "mutation { signIn(input: {email: \"a@example.org\", password: \"x\"}) { accessToken } }";
        for (token, query) in [(&ann.token, sign_in), (&ann.token, "{ __typename }"), (&ann.token, &*two), (&String::new(), REGISTER)] {
            let (status, answer) = send(&app, token, "k", &json!({ "query": query, "variables": { "name": "One" } })).await;
            assert_eq!((status, code(&answer)), (400, "BAD_REQUEST".into()), "{query}: {answer}");
        }
        for key in ["", &"k".repeat(256)] {
            let (status, answer) = send(&app, &ann.token, key, &body("One")).await;
            assert_eq!((status, code(&answer)), (400, "BAD_REQUEST".into()), "{key}: {answer}");
        }
        assert_eq!(providers(&app).await, 0);
    }

    async fn a_request_that_died_runs_again_unless_it_had_written(app: App) {
        let ann = somebody(&app).await;
        for (key, position) in [("died", None), ("wrote", Some(1))] {
            claimed(&app, &ann, |row| {
                row.key = key.to_owned();
                row.position = position;
                row.created_at = app.now() - TimeDelta::minutes(1);
            })
            .await;
        }
        let (status, answer) = send(&app, &ann.token, "wrote", &body("One")).await;
        assert_eq!((status, code(&answer), providers(&app).await), (409, "CONFLICT".into(), 0), "{answer}");
        let (status, answer) = send(&app, &ann.token, "died", &body("One")).await;
        assert_eq!((status, providers(&app).await), (200, 1), "{answer}");
    }

    async fn a_mutation_that_stands_twice_does_not_run(app: App) {
        let ann = somebody(&app).await;
        for query in [
            "mutation { registerProvider(input: {name: \"A\", kind: PLATFORM}) { provider { id } } registerProvider(input: {name: \"A\", kind: PLATFORM}) { provider { slug } } }",
            "mutation { ...F ... on Mutation { a: registerProvider(input: {name: \"A\", kind: PLATFORM}) { provider { id } } } } \
             fragment F on Mutation { a: registerProvider(input: {name: \"A\", kind: PLATFORM}) { provider { slug } } }",
        ] {
            let answer = app.ask_as(&ann.token, query, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
        }
        assert_eq!(providers(&app).await, 0);
    }

    async fn a_value_that_does_not_fit_keeps_every_mutation_of_the_request_from_running(app: App) {
        let ann = somebody(&app).await;
        let query = "mutation($k: ProviderKind!) { a: registerProvider(input: {name: \"A\", kind: PLATFORM}) { provider { id } } \
                     b: registerProvider(input: {name: \"B\", kind: $k}) { provider { id } } }";
        let answer = app.ask_as(&ann.token, query, json!({ "k": "SCHOOL" })).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "k", "{answer}");
        assert_eq!(providers(&app).await, 0);
    }

    async fn a_position_that_is_none_is_refused(app: App) {
        for position in ["x", "-1", "", "1.5"] {
            let request = app.client.post(format!("{}/graphql", app.address)).header("lectern-position", position);
            let answer = request.json(&json!({ "query": "{ __typename }" })).send().await.unwrap();
            assert_eq!(answer.status(), 400, "{position}");
        }
    }

    async fn who_has_written_reads_it_from_another_process_too(stage: Stage) {
        let other = stage.beside();
        stage.serve(|app| async move {
            let ann = somebody(&app).await;
            let query = "query($id: ID!) { node(id: $id) { ... on Provider { name } } }";
            other.serve(|second| async move {
                for name in ["One", "Two", "Three"] {
                    let request = app.client.post(format!("{}/graphql", app.address)).bearer_auth(&ann.token);
                    let query_of = REGISTER.replace("slug", "id");
                    let answer = request.json(&json!({ "query": query_of, "variables": { "name": name } })).send().await.unwrap();
                    let position = answer.headers()["lectern-position"].clone();
                    let answer: Value = answer.json().await.unwrap();
                    let id = &answer["data"]["registerProvider"]["provider"]["id"];
                    let request = second.client.post(format!("{}/graphql", second.address)).bearer_auth(&ann.token);
                    let request = request.header("lectern-position", position.clone());
                    let read = request.json(&json!({ "query": query, "variables": { "id": id } })).send().await.unwrap();
                    let reached = |value: &str| value.parse::<i64>().unwrap();
                    assert!(reached(read.headers()["lectern-position"].to_str().unwrap()) >= reached(position.to_str().unwrap()));
                    assert_eq!(read.json::<Value>().await.unwrap()["data"]["node"]["name"], name);
                }
            }).await;
        }).await;
    }
}

#[test]
fn a_request_that_was_taken_for_dead_does_not_write_beside_the_next() {
    App::run(Backend::Postgres, "seed = 'none'", |app| async move {
        let ann = somebody(&app).await;
        let mut other = PgConnection::connect(&app.database_url).await.unwrap();
        let mut locked = other.begin().await.unwrap();
        locked.execute("select * from catalogue for update").await.unwrap();
        let body = body("One");
        let first = send(&app, &ann.token, "slow", &body);
        let second = async {
            waiting(&app.database_url, 1).await;
            app.clock.set("2026-06-01T12:00:31Z");
            let sent = send(&app, &ann.token, "slow", &body);
            let released = async {
                waiting(&app.database_url, 2).await;
                locked.rollback().await.unwrap();
            };
            join(sent, released).await.0
        };
        let (first, second) = join(first, second).await;
        assert_eq!(providers(&app).await, 1, "{first:?} {second:?}");
    });
}
