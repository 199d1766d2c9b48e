//! Whole answers as text: the order of fields, null propagation, and the form of errors.

use std::time::Duration;

use futures_util::future::select;
use sea_orm::sqlx::{self, Connection, Executor, PgConnection};
use serde_json::json;

use crate::support::{App, Backend};

async fn text(app: &App, query: &str) -> String {
    app.client
        .post(format!("{}/graphql", app.address))
        .json(&json!({ "query": query }))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

/// The error for a malformed id in `argument`.
fn wrong_id(argument: &str, column: u32, path: &str) -> String {
    format!(
        r#"{{"message":"{argument}: is not an id of this API; take ids from its answers as they are","locations":[{{"line":1,"column":{column}}}],"path":[{path}],"extensions":{{"argument":"{argument}","code":"BAD_USER_INPUT"}}}}"#
    )
}

/// The error for an order by relevance without a text.
fn wrong_order(column: u32, path: &str) -> String {
    format!(
        r#"{{"message":"orderBy.field: RELEVANCE needs a query","locations":[{{"line":1,"column":{column}}}],"path":[{path}],"extensions":{{"argument":"orderBy.field","code":"BAD_USER_INPUT"}}}}"#
    )
}

fn cost(requested: u64) -> String {
    format!(r#""extensions":{{"cost":{{"requested":{requested},"limit":10000}}}}}}"#)
}

on_both! {
    async fn fields_stand_in_the_order_of_the_query(app: App) {
        let query = "{ z: __typename ...F a: __typename course(by: {slug: \"none\"}) { id } } fragment F on Query { m: __typename ... { b: __typename } z: __typename }";
        for _ in 0..3 {
            let data = r#"{"data":{"z":"Query","m":"Query","b":"Query","a":"Query","course":null},"#;
            assert_eq!(text(&app, query).await, format!("{data}{}", cost(7)));
        }
    }

    async fn a_nullable_field_that_fails_is_null_and_leaves_the_rest(app: App) {
        let query = r#"{ a: __typename course(by: {id: "x"}) { id } node(id: "y") { id } b: __typename }"#;
        let errors = [wrong_id("by.id", 17, r#""course""#), wrong_id("id", 46, r#""node""#)].join(",");
        let data = r#"{"a":"Query","course":null,"node":null,"b":"Query"}"#;
        assert_eq!(text(&app, query).await, format!(r#"{{"errors":[{errors}],"data":{data},{}"#, cost(8)));
    }

    async fn a_field_that_must_not_be_null_takes_its_parent_along(app: App) {
        let error = wrong_order(17, r#""courses""#);
        let whole = format!(r#"{{"errors":[{error}],"data":null,{}"#, cost(37));
        assert_eq!(text(&app, "{ a: __typename courses(orderBy: {field: RELEVANCE}) { totalCount } }").await, whole);

        let slug = app.data("{ providers(first: 1) { nodes { slug } } }").await["providers"]["nodes"][0]["slug"].clone();
        let query = format!("{{ a: __typename provider(by: {{slug: {slug}}}) {{ name courses(orderBy: {{field: RELEVANCE}}) {{ totalCount }} }} b: __typename }}");
        let column = query.find("courses").unwrap() as u32 + 1;
        let error = wrong_order(column, r#""provider","courses""#);
        let data = r#"{"a":"Query","provider":null,"b":"Query"}"#;
        assert_eq!(text(&app, &query).await, format!(r#"{{"errors":[{error}],"data":{data},{}"#, cost(23)));
    }

    // async-graphql 8.0.0-rc.5 ends the error's path at the list item; it should end in "courses". Its location is
    // correct.
    async fn an_error_within_a_list_takes_what_may_be_null(app: App) {
        let query = "{ providers(first: 1) { nodes { courses(orderBy: {field: RELEVANCE}) { totalCount } } } }";
        let column = query.find("courses").unwrap() as u32 + 1;
        let error = wrong_order(column, r#""providers","nodes",0"#);
        assert_eq!(text(&app, query).await, format!(r#"{{"errors":[{error}],"data":null,{}"#, cost(44)));
    }

    async fn what_is_selected_twice_stands_once(app: App) {
        let query = "{ skills(first: 1) { totalCount } a: __typename skills(first: 1) { pageInfo { hasPreviousPage } } }";
        let answer = text(&app, query).await;
        assert!(answer.ends_with(&format!(r#""pageInfo":{{"hasPreviousPage":false}}}},"a":"Query"}},{}"#, cost(29))), "{answer}");
        assert_eq!(answer.matches("skills").count(), 1, "{answer}");
    }

    async fn a_request_that_did_not_run_has_no_data(app: App) {
        let error = r#"{"message":"The document cannot be read: expected selection.","locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}"#;
        assert_eq!(text(&app, "{ }").await, format!(r#"{{"errors":[{error}]}}"#));
    }

    async fn a_value_that_fits_no_scalar_is_named_without_names_of_ours(app: App) {
        for (value, code) in [("\"x\"", "BAD_USER_INPUT"), ("\"2026-02-30\"", "BAD_USER_INPUT"), ("1", "GRAPHQL_VALIDATION_FAILED")] {
            let query = format!("{{ courses(filter: {{offering: {{startsOn: {{gte: {value}}}}}}}) {{ totalCount }} }}");
            let answer = text(&app, &query).await;
            assert!(answer.contains(code) && answer.contains("must be a date in ISO 8601"), "{answer}");
            assert!(!answer.contains("lectern") && !answer.contains("::"), "{answer}");
        }
    }
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn status(app: &App, path: &str) -> u16 {
    app.get(path).await.status().as_u16()
}

const COURSE: &str = "/graphql?query={course(by:{slug:%22none%22}){id}}";

#[test]
fn while_the_database_is_away_answers_are_503_and_when_it_is_back_they_are_not() {
    App::run(Backend::Postgres, "seed = 'none'", |app| async move {
        let url = app.database_url.clone();
        let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let mut server = connect(&std::env::var("TEST_POSTGRES_URL").unwrap()).await;
        // In transactions of their own: until the first is committed, whoever is disconnected connects again.
        let away = format!("alter database {name} allow_connections false");
        let end = format!("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{name}'");
        for statement in [away, end] {
            server.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
        let answer = app.get(COURSE).await;
        assert_eq!((answer.status().as_u16(), answer.headers().contains_key("retry-after")), (503, true));
        let text = answer.text().await.unwrap();
        assert!(text.contains("SERVICE_UNAVAILABLE") && !text.contains("\"data\""), "{text}");
        assert_eq!((status(&app, "/health/ready").await, status(&app, "/health/live").await), (503, 200));
        assert_eq!(status(&app, "/graphql?query={__typename}").await, 200);
        let back = format!("alter database {name} allow_connections true");
        server.execute(sqlx::AssertSqlSafe(back)).await.unwrap();
        assert_eq!((status(&app, COURSE).await, status(&app, "/health/ready").await), (200, 200));
    });
}

#[test]
fn one_request_more_than_there_are_places_is_refused_at_once() {
    App::run(Backend::Postgres, "seed = 'none'\nmax_in_flight = 1", |app| async move {
        let mut other = connect(&app.database_url).await;
        let mut locked = other.begin().await.unwrap();
        locked.execute("lock table course").await.unwrap();
        let (one, two) = (Box::pin(app.get(COURSE)), Box::pin(app.get(COURSE)));
        let (refused, running) = select(one, two).await.factor_first();
        assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (503, true));
        assert!(refused.text().await.unwrap().contains("hands full"));
        assert_eq!(status(&app, "/health/live").await, 200);
        locked.rollback().await.unwrap();
        assert_eq!(tokio::time::timeout(Duration::from_secs(60), running).await.unwrap().status(), 200);
    });
}
