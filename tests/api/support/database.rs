//! A separate database for every test.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use super::app::Stage;

/// The kind of database that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    Sqlite,
    Postgres,
    /// PostgreSQL with a replica.
    Replicated,
}

/// A database that is dropped with this value.
pub struct TestDatabase {
    pub url: String,
    dropped: Option<(String, String)>,
}

/// Databases in which an application with the starter catalogue, or with an empty one, has been started once. Copying one is
/// much faster than making its tables anew.
static TEMPLATES: LazyLock<Mutex<HashMap<(Backend, bool), Template>>> = LazyLock::new(Mutex::default);

#[derive(Clone)]
enum Template {
    File(Arc<Vec<u8>>),
    Name(String),
}

impl Template {
    /// The template of this kind, made where there is none yet.
    fn of(backend: Backend, seeded: bool) -> Self {
        let mut templates = TEMPLATES.lock().unwrap();
        // A runtime cannot be started within another one.
        let make = || std::thread::spawn(move || Self::make(backend, seeded)).join().unwrap();
        templates.entry((backend, seeded)).or_insert_with(make).clone()
    }

    fn make(backend: Backend, seeded: bool) -> Self {
        let settings = if seeded { "" } else { "seed = 'none'" };
        actix_web::rt::System::new().block_on(async {
            let stage = Stage::new(backend, settings).await;
            stage.serve(async |_| ()).await;
            match &stage.database.dropped {
                None => Self::File(Arc::new(std::fs::read(stage.folder.path().join("test.sqlite")).unwrap())),
                Some((server, name)) => {
                    execute(server, &format!("alter database {name} allow_connections false")).await;
                    let sessions = format!(
                        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{name}'"
                    );
                    execute(server, &sessions).await;
                    Self::Name(name.clone())
                }
            }
        })
    }
}

impl TestDatabase {
    /// A database in which an application has been started before, with the starter catalogue or an empty one.
    pub async fn prepared(backend: Backend, folder: &Path, seeded: bool) -> Self {
        match Template::of(backend, seeded) {
            Template::Name(template) => Self::postgres("TEST_POSTGRES_URL", &format!("template {template}")).await,
            Template::File(template) => {
                std::fs::write(folder.join("test.sqlite"), &*template).unwrap();
                Self::create(backend, folder).await
            }
        }
    }

    pub async fn create(backend: Backend, folder: &Path) -> Self {
        match backend {
            Backend::Sqlite => {
                Self { url: format!("sqlite://{}", folder.join("test.sqlite").display()), dropped: None }
            }
            Backend::Postgres => Self::postgres("TEST_POSTGRES_URL", "").await,
            Backend::Replicated => Self::postgres("TEST_REPLICATED_URL", "").await,
        }
    }

    async fn postgres(server: &str, options: &str) -> Self {
        let server = std::env::var(server).unwrap_or_else(|_| panic!("{server} is not set: run scripts/test"));
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        execute(&server, &format!("create database {name} strategy file_copy {options}")).await;
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
