//! The application under test and the requests to it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use catalog::auth::Auth;
use catalog::error::AppError;
use catalog::mail::Outbox;
use catalog::snapshot::SnapshotStore;
use lectern::app::Application;
use lectern::config::Settings;
use serde_json::{Value, json};

use super::clock::FixedClock;
use super::database::{Backend, TestDatabase};

/// Longer than any test takes on a busy machine: one that waits for what never comes fails, and the others go on.
const MAX_TEST_TIME: Duration = Duration::from_secs(300);

async fn bounded(test: impl Future<Output = ()>) {
    tokio::time::timeout(MAX_TEST_TIME, test).await.expect("the test ends within five minutes");
}

/// A running application with its own database, data folder and clock.
pub struct App {
    pub address: String,
    pub client: reqwest::Client,
    pub clock: Arc<FixedClock>,
    pub database_url: String,
    pub folder: std::path::PathBuf,
    pub snapshots: Arc<SnapshotStore>,
    pub auth: Arc<Auth>,
    pub outbox: Outbox,
}

/// A database and a data folder in which the application can be started repeatedly.
#[derive(Clone)]
pub struct Stage {
    pub database: Arc<TestDatabase>,
    pub folder: Arc<tempfile::TempDir>,
    pub clock: Arc<FixedClock>,
    settings: String,
}

impl Stage {
    /// Creates a stage, runs the test, and removes the stage.
    pub fn run<F: Future<Output = ()>>(backend: Backend, settings: &str, test: impl FnOnce(Stage) -> F) {
        actix_web::rt::System::new().block_on(async {
            let stage = Self::new(backend, settings).await;
            let database = stage.database.clone();
            bounded(test(stage)).await;
            database.drop_now().await;
        });
    }

    /// A stage on a new database, which whoever sets it drops.
    pub async fn new(backend: Backend, settings: &str) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database = Arc::new(TestDatabase::create(backend, folder.path()).await);
        Self { database, folder, clock: Arc::default(), settings: settings.to_owned() }
    }

    /// The same stage for a second process: the database and the clock are shared, the data folder is its own.
    pub fn beside(&self) -> Self {
        Self { folder: Arc::new(tempfile::tempdir().unwrap()), ..self.clone() }
    }

    /// The same stage on a new database of the other kind, with its own data folder.
    pub async fn elsewhere(&self) -> Self {
        let stage = self.beside();
        let other = if self.database.is_postgres() { Backend::Sqlite } else { Backend::Postgres };
        let database = Arc::new(TestDatabase::create(other, stage.folder.path()).await);
        Self { database, ..stage }
    }

    /// The same stage, with more settings.
    pub fn with(&self, settings: &str) -> Self {
        Self { settings: format!("{}\n{settings}", self.settings), ..self.clone() }
    }

    /// The application, not yet serving, or the reason why it does not start.
    pub async fn build(&self) -> Result<Application, AppError> {
        let settings = settings_of(self.folder.path(), &self.database.url, &self.settings);
        Application::build(settings, self.clock.clone()).await
    }

    /// Starts the application, runs a part of the test, and stops the application, which must end normally.
    pub async fn serve<F: Future>(&self, part: impl FnOnce(App) -> F) -> F::Output {
        let application = self.build().await;
        let application = application.unwrap_or_else(|error| panic!("does not start: {}", error.cause()));
        let app = App {
            address: format!("http://{}", application.address()),
            client: client(),
            clock: self.clock.clone(),
            database_url: self.database.url.clone(),
            folder: self.folder.path().to_owned(),
            snapshots: application.state().snapshots.clone(),
            auth: application.state().auth.clone(),
            outbox: application.state().outbox.clone(),
        };
        assert!(application.ready(Duration::from_secs(60)).await, "not ready within a minute");
        let handle = application.handle();
        let server = actix_web::rt::spawn(application.run_until_stopped());
        let output = part(app).await;
        handle.stop(true).await;
        server.await.unwrap().unwrap_or_else(|error| panic!("did not end well: {}", error.cause()));
        output
    }
}

impl App {
    /// Starts the application with these settings (in the form of lectern.toml) in addition to those of the test, runs
    /// the test, and stops the application, which must end normally.
    pub fn run<F: Future<Output = ()>>(backend: Backend, settings: &str, test: impl FnOnce(App) -> F) {
        actix_web::rt::System::new().block_on(async {
            let folder = Arc::new(tempfile::tempdir().unwrap());
            let seeded = !settings.contains("seed = 'none'");
            let database = Arc::new(TestDatabase::prepared(backend, folder.path(), seeded).await);
            let stage =
                Stage { database: database.clone(), folder, clock: Arc::default(), settings: settings.to_owned() };
            bounded(stage.serve(test)).await;
            database.drop_now().await;
        });
    }

    /// Waits until the application serves this position of the log.
    pub async fn reached(&self, position: i64) {
        assert!(self.snapshots.wait_for(position, Duration::from_secs(20)).await, "not at {position} in time");
    }

    /// The number of statements that it has read with.
    pub async fn statements(&self) -> u64 {
        self.metric("lectern_read_statements_total").await
    }

    /// Value of a metric.
    pub async fn metric(&self, name: &str) -> u64 {
        let text = self.get("/metrics").await.text().await.unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// GET of a path.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.address)).send().await.unwrap()
    }

    /// The whole answer to a GraphQL query.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let answer = self.client.post(format!("{}/graphql", self.address)).json(&body).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// The data of a query that must not fail.
    pub async fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }
}

/// An HTTP client, which needs an implementation of TLS although it does not use it.
pub fn client() -> reqwest::Client {
    // Fails if another test of this process was first, which is fine.
    _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// The settings of a test: any free port, its own folder and database, and no answer cache, so that every answer is
/// computed.
pub fn settings_of(folder: &std::path::Path, database: &str, more: &str) -> Settings {
    let own = format!(
        "listen = '127.0.0.1:0'\nworkers = 2\ndata_dir = '{}'\ndatabase_url = '{database}'\n",
        folder.display()
    );
    let anew = if more.contains("cache_mb") { "" } else { "cache_mb = 0\n" };
    Settings::with(&format!("{own}{anew}{more}")).unwrap_or_else(|error| panic!("{}", error.cause()))
}
