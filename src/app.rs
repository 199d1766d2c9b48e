//! The application as a whole: `main` and the tests start it the same way.

use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::account::Accounts;
use crate::auth::Auth;
use crate::budget::Budgets;
use crate::clock::Clock;
use crate::config::{Seed, Settings};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::follower::Follower;
use crate::graphql::schema::{self, Schema};
use crate::live::Live;
use crate::mail::Outbox;
use crate::metrics::Metrics;
use crate::schedule::Schedule;
use crate::search::Home;
use crate::start::Prepared;
use crate::{changelog, http, seed, start};

/// How long letters that wait may still be sent when the process stops.
const LAST_MAIL: Duration = Duration::from_secs(5);

/// What every request can reach.
pub struct State {
    /// The settings of the process.
    pub settings: Settings,
    /// The connections.
    pub database: Database,
    /// The newest state of everything derived.
    pub live: Arc<Live>,
    /// Who somebody is.
    pub auth: Arc<Auth>,
    /// How much each client may cause.
    pub budgets: Arc<Budgets>,
    /// What is done after the answer is given.
    pub outbox: Outbox,
    /// The schema.
    pub schema: Schema,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What it counts of itself.
    pub metrics: Metrics,
    /// Whether it is about to stop: what would go on for ever ends then.
    pub stopping: watch::Sender<bool>,
}

/// What stops an application from outside.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    state: Arc<State>,
}

impl Handle {
    /// Stops it; if gracefully, once running requests have been answered.
    pub async fn stop(&self, graceful: bool) {
        self.state.stopping.send_replace(true);
        self.server.stop(graceful).await;
    }
}

/// A process that serves the catalogue.
pub struct Application {
    server: Server,
    address: SocketAddr,
    state: Arc<State>,
    begun: Begun,
    beside: Vec<Beside>,
}

/// What was found and done before anything is served, in lines for whoever starts the process.
#[derive(Clone, Debug)]
pub struct Begun {
    prepared: Prepared,
    seeded: bool,
    position: i64,
}

impl Display for Begun {
    fn fmt(&self, lines: &mut Formatter<'_>) -> fmt::Result {
        writeln!(lines, "{}", self.prepared)?;
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

/// A task that runs beside the server.
struct Beside {
    task: JoinHandle<()>,
    /// Dropped to stop it.
    running: oneshot::Sender<()>,
}

impl Beside {
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
    /// Prepares the database, starts the follower and the schedule and binds the address. Requests are accepted from here on, and
    /// answered with data as soon as the index is there.
    pub async fn build(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let (database, prepared) = start::prepare(&settings).await?;
        let built = Self::on(database.clone(), prepared, settings, clock).await;
        if built.is_err() {
            database.close().await;
        }
        built
    }

    async fn on(database: Database, prepared: Prepared, settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let seeded = settings.seed == Seed::Starter && seed::starter(&database.write, clock.clone()).await?;
        let position = changelog::head(&database.write).await?.position;
        let begun = Begun { prepared, seeded, position };
        let live = Arc::new(Live::default());
        let home = Home::take(&settings.data_dir)?;
        let follower = Follower::new(database.follow.clone(), live.clone(), home);
        let auth = Arc::new(Auth::open(&settings, &database, clock.clone()).await?);
        let budgets = Arc::new(Budgets::new(&settings, &clock));
        let outbox = Outbox::open(&settings, clock.clone())?;
        let accounts =
            Accounts::new(auth.clone(), outbox.clone(), &database, clock.clone(), &settings.link_url, budgets.clone());
        let metrics = Metrics::new(&database, &accounts, &outbox);
        let (publish, weights) = (settings.reviews_publish, settings.match_weights);
        let builder = schema::builder(database.clone(), live.clone(), accounts, clock.clone(), publish, weights);
        let builder = builder.data(settings.draft_limits());
        let schema = if settings.suggestions { builder } else { builder.disable_suggestions() }.finish();
        let stopping = watch::Sender::default();
        let state =
            Arc::new(State { settings, database, live, auth, budgets, outbox, schema, clock, metrics, stopping });
        let (server, address) = http::bind(state.clone())?;
        let schedule = Schedule::new(state.database.clone(), state.live.clone(), state.clock.clone());
        let beside = vec![Beside::start(|stop| schedule.run(stop)), Beside::start(|stop| follower.run(stop))];
        Ok(Self { server, address, state, begun, beside })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What every request can reach.
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// What stops it from outside.
    pub fn handle(&self) -> Handle {
        Handle { server: self.server.handle(), state: self.state.clone() }
    }

    /// What was found and done before.
    pub fn begun(&self) -> &Begun {
        &self.begun
    }

    /// Waits until the index is there, and says whether it is within the limit.
    pub async fn ready(&self, limit: Duration) -> bool {
        self.state.live.reached(0, limit).await
    }

    /// Serves until its handle stops it, finishes what runs, and gives everything back.
    pub async fn run_until_stopped(self) -> Result<()> {
        let done = self.server.await;
        _ = tokio::time::timeout(LAST_MAIL, self.state.outbox.settled()).await;
        let mut done = done.map_err(AppError::internal);
        for task in self.beside {
            done = done.and(task.end().await);
        }
        self.state.database.close().await;
        done
    }
}
