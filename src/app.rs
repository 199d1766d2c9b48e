//! Builds and runs the application. `main` and the tests start it the same way.

use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use actix_web::dev::{Server, ServerHandle};
use catalog::account::Accounts;
use catalog::auth::Auth;
use catalog::budget::Budgets;
use catalog::clock::Clock;
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::follower::Follower;
use catalog::mail::Outbox;
use catalog::notice::Notices;
use catalog::schedule::Schedule;
use catalog::snapshot::SnapshotStore;
use catalog::{changelog, seed};
use search::IndexDirectory;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout_at;

use crate::config::{Seed, Settings};
use crate::graphql::schema;
use crate::metrics::Metrics;
use crate::start::DatabaseReport;
use crate::state::AppState;
use crate::{http, start};

/// Time that queued mail may still take when the process stops.
const MAIL_TIMEOUT: Duration = Duration::from_secs(5);

/// How an application ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything that was running has finished.
    Finished,
    /// Something was still running when the time was up.
    CutOff,
}

/// Handle that stops an application from outside.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    state: Arc<AppState>,
}

impl Handle {
    /// Stops the application. A graceful stop answers running requests first.
    pub async fn stop(&self, graceful: bool) {
        self.state.stop_deadline();
        self.state.stopping.send_replace(true);
        self.server.stop(graceful).await;
    }

    /// Tells the application to finish what is running and to end by the deadline.
    pub fn begin_stop(&self, deadline: Instant) {
        self.state.stop_deadline.get_or_init(|| deadline);
        self.state.stopping.send_replace(true);
        // The command is sent at once. The application waits for the end.
        drop(self.server.stop(true));
    }
}

/// Process that serves the catalogue.
pub struct Application {
    server: Server,
    address: SocketAddr,
    state: Arc<AppState>,
    report: StartupReport,
    tasks: Vec<BackgroundTask>,
}

/// Report of what startup found and did, in lines for the person who starts the process.
#[derive(Clone, Debug)]
pub struct StartupReport {
    database_report: DatabaseReport,
    seeded: bool,
    position: i64,
}

impl Display for StartupReport {
    fn fmt(&self, lines: &mut Formatter<'_>) -> fmt::Result {
        writeln!(lines, "{}", self.database_report)?;
        match (self.seeded, self.position) {
            (true, _) => {
                let courses = seed::courses_count();
                write!(lines, "catalogue: filled with the starter catalogue just now, {courses} courses")
            }
            (false, 0) => write!(lines, "catalogue: EMPTY"),
            (false, position) => write!(lines, "catalogue: as it was, at position {position} of its log"),
        }
    }
}

/// Task that runs in the background of the server.
struct BackgroundTask {
    task: JoinHandle<()>,
    /// Dropping it stops the task.
    running: oneshot::Sender<()>,
}

impl BackgroundTask {
    fn start<F: Future<Output = ()> + Send + 'static>(run: impl FnOnce(oneshot::Receiver<()>) -> F) -> Self {
        let (running, stop) = oneshot::channel();
        Self { task: tokio::spawn(run(stop)), running }
    }

    async fn end(self) -> Result<()> {
        drop(self.running);
        self.task.await.map_err(AppError::internal)
    }
}

impl Application {
    /// Prepares the database, starts the follower and the schedule, and binds the address. Requests are accepted from
    /// here on, and answered with data as soon as the index is ready.
    pub async fn build(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        start::read_search_words(&settings)?;
        let (database, database_report) = start::prepare(&settings).await?;
        let built = Self::build_on(database.clone(), database_report, settings, clock).await;
        if built.is_err() {
            database.close().await;
        }
        built
    }

    async fn build_on(
        database: Database,
        database_report: DatabaseReport,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let seeded = settings.seed == Seed::Starter && seed::starter(&database.write, clock.clone()).await?;
        database.optimize().await;
        let position = changelog::head(&database.write).await?.position;
        let report = StartupReport { database_report, seeded, position };
        let snapshots = Arc::new(SnapshotStore::new(clock.clone()));
        let directory = IndexDirectory::lock(&settings.data_dir)?;
        let follower = Follower::new(database.follow.clone(), snapshots.clone(), directory);
        let auth = Arc::new(Auth::open(&settings.auth(), &database, clock.clone()).await?);
        let budgets = Arc::new(Budgets::new(&settings.budgets(), &clock));
        let outbox = Outbox::open(&settings.mail(), clock.clone())?;
        let accounts =
            Accounts::new(auth.clone(), outbox.clone(), &database, clock.clone(), &settings.link_url, budgets.clone());
        let metrics = Metrics::new(&database, &follower, &accounts, &outbox);
        let notices = Notices::new(database.write.clone(), outbox.clone(), clock.clone(), &settings.link_url);
        let builder = schema::builder(
            database.clone(),
            snapshots.clone(),
            accounts,
            clock.clone(),
            settings.reviews_publish,
            settings.match_weights,
            notices.clone(),
        )
        .data(settings.draft_limits());
        let schema = if settings.suggestions { builder } else { builder.disable_suggestions() }.finish();
        let state = Arc::new(AppState {
            settings,
            database,
            snapshots,
            auth,
            budgets,
            outbox,
            notices,
            schema,
            clock,
            metrics,
            stopping: watch::Sender::default(),
            stop_deadline: OnceLock::new(),
        });
        let (server, address) = http::bind(state.clone())?;
        let schedule = Schedule::new(state.database.clone(), state.snapshots.clone(), state.clock.clone());
        let database = state.database.clone();
        let tasks = vec![
            BackgroundTask::start(|stop| schedule.run(stop)),
            BackgroundTask::start(|stop| follower.run(stop)),
            BackgroundTask::start(|stop| database.keep_statistics(stop)),
        ];
        Ok(Self { server, address, state, report, tasks })
    }

    /// Address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// State shared by all requests.
    pub fn state(&self) -> &Arc<AppState> {
        &self.state
    }

    /// Handle that stops it from outside.
    pub fn handle(&self) -> Handle {
        Handle { server: self.server.handle(), state: self.state.clone() }
    }

    /// Report of what startup found and did.
    pub fn report(&self) -> &StartupReport {
        &self.report
    }

    /// Waits until the index is ready. Returns false if it is not within the limit.
    pub async fn ready(&self, limit: Duration) -> bool {
        self.state.snapshots.wait_for(0, limit).await
    }

    /// Serves until a handle stops it, finishes running requests as far as time allows, and releases all resources.
    pub async fn run_until_stopped(self) -> Result<Ending> {
        let Self { server, state, tasks, .. } = self;
        let mut finished = true;
        let mut result = tokio::select! {
            result = server => result.map_err(AppError::internal),
            () = state.wait_for_cutoff() => {
                // Open connections alone do not count: peers keep them alive, and nothing on them has to be finished.
                finished = state.metrics.is_idle();
                Ok(())
            }
        };
        let deadline = state.stop_deadline();
        let last_mail = deadline.min(Instant::now() + MAIL_TIMEOUT);
        finished &= timeout_at(last_mail.into(), state.outbox.wait_until_empty()).await.is_ok();
        for task in tasks {
            match timeout_at(deadline.into(), task.end()).await {
                Ok(ended) => result = result.and(ended),
                Err(_) => finished = false,
            }
        }
        finished &= timeout_at(deadline.into(), state.database.close()).await.is_ok();
        result.map(|()| if finished { Ending::Finished } else { Ending::CutOff })
    }
}
