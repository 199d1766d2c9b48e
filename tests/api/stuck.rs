//! A stalled database: requests that wait for it are answered in time, and leave nothing behind.

use futures_util::future::join_all;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor};
use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::{App, Backend};

const COURSE: &str = "/graphql?query={course(by:{slug:%22none%22}){id}}";
const CHANGES: &str = "/graphql?query={changes{pageInfo{endCursor}}}";
const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { account { id } userErrors { code } } }";

/// The status and the body of a GET.
async fn got(app: &App, path: &str) -> (u16, String) {
    let answer = app.get(path).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn sign_up(app: &App) -> Value {
    let input = json!({ "email": "ann@example.org", "password": PASSWORD, "displayName": "Ann" });
    app.ask(SIGN_UP, json!({ "input": input })).await
}

/// Checks the answers to reads with these settings while these tables are locked, and afterwards.
fn while_locked(settings: &str, tables: &str, reads: &[&str]) {
    App::run(Backend::Postgres, &format!("seed = 'none'\n{settings}"), |app| async move {
        let mut other = PgConnection::connect(&app.database_url).await.unwrap();
        let mut locked = other.begin().await.unwrap();
        locked.execute(AssertSqlSafe(format!("lock table {tables}"))).await.unwrap();
        for (status, text) in join_all(reads.iter().map(|path| got(&app, path))).await {
            assert_eq!((status, text.contains("SERVICE_UNAVAILABLE")), (503, true), "{text}");
            assert!(!text.contains("statement") && !text.contains("pool"), "{text}");
        }
        assert_eq!(got(&app, "/graphql?query={__typename}").await.0, 200);
        locked.rollback().await.unwrap();
        assert_eq!(got(&app, COURSE).await.0, 200);
    });
}

#[test]
fn a_statement_that_takes_too_long_is_given_up() {
    while_locked("", "course", &[COURSE, "/courses/none.jsonld"]);
}

#[test]
fn reads_that_find_no_connection_are_told_so() {
    while_locked("read_connections = 1", "course, change", &[COURSE, CHANGES]);
}

#[test]
fn a_write_that_waits_for_a_file_that_another_program_has_locked_is_given_up_whole() {
    App::run(Backend::Sqlite, "seed = 'none'", |app| async move {
        let mut other = SqliteConnection::connect(&app.database_url).await.unwrap();
        other.execute("begin immediate").await.unwrap();
        let given_up = sign_up(&app).await;
        assert_eq!(given_up["errors"][0]["extensions"]["code"], "TIMEOUT", "{given_up}");
        assert_eq!(got(&app, COURSE).await.0, 200);
        other.execute("rollback").await.unwrap();
        let done = sign_up(&app).await;
        assert!(done["data"]["signUp"]["account"]["id"].is_string(), "{done}");
        assert_eq!(sign_up(&app).await["data"]["signUp"]["userErrors"][0]["code"], "TAKEN");
    });
}
