//! The application under test and what it is asked.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lectern::app::Application;
use lectern::config::Settings;
use serde_json::{Value, json};

use super::clock::FixedClock;
use super::database::{Backend, TestDatabase};

/// A running application with a database, a data folder and a clock of its own.
pub struct App {
    pub address: String,
    pub client: reqwest::Client,
    pub clock: Arc<FixedClock>,
    pub database_url: String,
    pub folder: std::path::PathBuf,
}

impl App {
    /// Starts the application with these settings (in the form of lectern.toml) beside those of the test, runs the
    /// test, and stops the application, which must end well.
    pub fn run<F: Future<Output = ()>>(backend: Backend, settings: &str, test: impl FnOnce(App) -> F) {
        actix_web::rt::System::new().block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let database = TestDatabase::create(backend, folder.path()).await;
            let settings = settings_of(folder.path(), &database.url, settings);
            let clock = Arc::new(FixedClock::default());
            let application = Application::build(settings, clock.clone()).await;
            let application = application.unwrap_or_else(|error| panic!("does not start: {}", error.cause()));
            let app = App {
                address: format!("http://{}", application.address()),
                client: reqwest::Client::new(),
                clock,
                database_url: database.url.clone(),
                folder: folder.path().to_owned(),
            };
            assert!(application.ready(Duration::from_secs(60)).await, "not ready within a minute");
            let handle = application.handle();
            let server = actix_web::rt::spawn(application.run_until_stopped());
            test(app).await;
            handle.stop(true).await;
            server.await.unwrap().unwrap_or_else(|error| panic!("did not end well: {}", error.cause()));
            database.drop_now().await;
        });
    }

    /// GET of a path.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.address)).send().await.unwrap()
    }

    /// The answer to a GraphQL query, whole.
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

/// The settings of a test: any free port, its own folder and database.
pub fn settings_of(folder: &std::path::Path, database: &str, more: &str) -> Settings {
    let own = format!(
        "listen = '127.0.0.1:0'\nworkers = 2\ndata_dir = '{}'\ndatabase_url = '{database}'\n",
        folder.display()
    );
    Settings::with(&format!("{own}{more}")).unwrap_or_else(|error| panic!("{}", error.cause()))
}
