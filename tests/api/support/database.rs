//! A separate database for every test.

use std::path::Path;

/// The kind of database that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that is dropped with this value.
pub struct TestDatabase {
    pub url: String,
    dropped: Option<(String, String)>,
}

impl TestDatabase {
    pub async fn create(backend: Backend, folder: &Path) -> Self {
        match backend {
            Backend::Sqlite => {
                Self { url: format!("sqlite://{}", folder.join("test.sqlite").display()), dropped: None }
            }
            Backend::Postgres => Self::postgres().await,
        }
    }

    async fn postgres() -> Self {
        let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run scripts/test");
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        execute(&server, &format!("create database {name}")).await;
        Self { url: server.replace("/postgres?", &format!("/{name}?")), dropped: Some((server, name)) }
    }

    pub fn is_postgres(&self) -> bool {
        self.dropped.is_some()
    }

    pub async fn drop_now(&self) {
        if let Some((server, name)) = &self.dropped {
            execute(server, &format!("drop database if exists {name} with (force)")).await;
        }
    }
}

async fn execute(server: &str, sql: &str) {
    use sea_orm::sqlx::{self, Connection, Executor};
    let mut connection = sqlx::PgConnection::connect(server).await.expect("the test server answers");
    connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect("the statement runs");
    connection.close().await.expect("the connection closes");
}

/// The replica of the test server, for one database.
pub struct Replica {
    pub url: String,
    primary: String,
}

impl Replica {
    /// The replica of this database.
    pub fn of(database: &TestDatabase) -> Self {
        let server = std::env::var("TEST_REPLICA_URL").expect("TEST_REPLICA_URL is not set: run scripts/test");
        let (_, name) = database.dropped.as_ref().expect("it is a database of PostgreSQL");
        Self { url: server.replace("/postgres?", &format!("/{name}?")), primary: database.url.clone() }
    }

    /// Waits until it has everything that is written now: the commit of this message waits for the replica.
    pub async fn caught_up(&self) {
        let message = "set synchronous_commit = remote_apply; select pg_logical_emit_message(true, '', '')";
        execute(&self.primary, message).await;
    }

    /// Pauses replication.
    pub async fn pause(&self) {
        execute(&self.url, "select pg_wal_replay_pause()").await;
    }

    /// Resumes replication.
    pub async fn resume(&self) {
        execute(&self.url, "select pg_wal_replay_resume()").await;
    }
}

/// Waits until so many sessions of a PostgreSQL database wait for locks.
pub async fn waiting(url: &str, sessions: i64) {
    use sea_orm::sqlx::{Connection, PgConnection, query_scalar};
    let mut connection = PgConnection::connect(url).await.unwrap();
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let looking = async { while query_scalar::<_, i64>(sql).fetch_one(&mut connection).await.unwrap() < sessions {} };
    tokio::time::timeout(std::time::Duration::from_secs(60), looking).await.expect("they wait");
}
