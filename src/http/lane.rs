//! Lanes: threads for requests that are not cheap, beside those that answer, a few at a time, in order of arrival. A
//! search keeps a processor busy and cannot be interrupted, so on a thread that answers it would delay everyone else.
//! Does not belong here: which requests are cheap.
//!
//! Each thread interleaves its requests, as the threads that answer do: loaders batch what fields request within one
//! turn of one thread, so a request must not move between threads.

use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use catalog::error::{AppError, Result};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::timeout;

use super::error::HttpError;
use crate::graphql::loaders::Loaders;
use crate::state::AppState;

/// Maximum cost of a request that does not queue with the most expensive ones.
const MAX_MODERATE_COST: u64 = 2_500;
/// Threads for mutations that are not cheap. They mostly wait for the database.
const WRITE_THREADS: usize = 1;
/// Requests that run on a thread at the same time: one computes while another waits for the database.
const RUNNING_PER_THREAD: usize = 2;
/// Maximum time that a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

type TaskFuture = Pin<Box<dyn Future<Output = ()>>>;
type LaneTask = Box<dyn FnOnce(Loaders) -> TaskFuture + Send>;

/// Threads with their queue.
pub(super) struct Lane {
    threads: Vec<LaneThread>,
    /// Permits for running requests.
    running: Arc<Semaphore>,
    /// Permits for waiting requests.
    waiting: Semaphore,
}

/// Lanes for requests that are not cheap. Requests never wait for another lane, only for its share of the processors.
pub(super) struct Lanes {
    /// Typical frontend pages.
    pub(super) moderate: Lane,
    /// Requests that keep a processor busy for long.
    demanding: Lane,
    /// Mutations.
    writes: Lane,
}

impl Lanes {
    pub(super) fn start(state: &AppState) -> Result<Self> {
        let threads = match state.settings.search_threads {
            0 => std::thread::available_parallelism().map_or(1, NonZero::get),
            threads => threads,
        };
        // Only a fraction of the permits, so that cheap requests get one even if the queues are full.
        let max_waiting = state.settings.max_in_flight.div_ceil(4);
        let start = |threads| Lane::start(threads, max_waiting, || Loaders::new(state.database.read.clone()));
        Ok(Self { moderate: start(threads)?, demanding: start(threads)?, writes: start(WRITE_THREADS)? })
    }

    pub(super) fn of(&self, kind: OperationType, cost: u64) -> &Lane {
        match kind {
            OperationType::Mutation => &self.writes,
            OperationType::Query | OperationType::Subscription if cost <= MAX_MODERATE_COST => &self.moderate,
            OperationType::Query | OperationType::Subscription => &self.demanding,
        }
    }
}

struct LaneThread {
    tasks: mpsc::UnboundedSender<LaneTask>,
    /// Shared by the requests on the thread, which shows how many there are.
    load: Arc<()>,
}

impl Lane {
    /// Starts threads with a queue. Connections and timers belong to the runtime that calls this and must outlive the
    /// threads, because a thread that computes serves neither.
    pub(super) fn start(threads: usize, max_waiting: usize, loaders: impl Fn() -> Loaders) -> Result<Self> {
        let running = Arc::new(Semaphore::new(threads * RUNNING_PER_THREAD));
        let threads = (0..threads).map(|_| LaneThread::start(loaders())).collect::<Result<_>>()?;
        Ok(Self { threads, running, waiting: Semaphore::new(max_waiting) })
    }

    /// Runs a task with the loaders of its thread once there is a permit. The task is dropped if nobody waits for it
    /// any more.
    pub(super) async fn run<T, F>(&self, task: impl FnOnce(Loaders) -> F + Send + 'static) -> Result<T, HttpError>
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let full = || HttpError::unavailable("Too many demanding requests are running; try again shortly.");
        let waiting = self.waiting.try_acquire().map_err(|_| full())?;
        let permit = timeout(MAX_WAIT, self.running.clone().acquire_owned()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or_else(full)?;
        drop(waiting);
        let thread = self.threads.iter().min_by_key(|thread| Arc::strong_count(&thread.load));
        let thread = thread.ok_or_else(HttpError::internal)?;
        let load = thread.load.clone();
        let (mut done, result) = oneshot::channel();
        let task: LaneTask = Box::new(move |loaders| {
            Box::pin(async move {
                let _guards = (permit, load);
                let task = task(loaders);
                tokio::select! {
                    () = done.closed() => {}
                    output = task => { _ = done.send(output); }
                }
            })
        });
        thread.tasks.send(task).map_err(|_| HttpError::internal())?;
        result.await.map_err(|_| HttpError::internal())
    }

    /// Takes all permits, so that everyone else has to wait.
    #[cfg(test)]
    async fn fill(&self) -> Vec<tokio::sync::OwnedSemaphorePermit> {
        let mut permits = Vec::new();
        while let Ok(permit) = self.running.clone().try_acquire_owned() {
            permits.push(permit);
        }
        permits
    }
}

impl LaneThread {
    fn start(loaders: Loaders) -> Result<Self> {
        let (tasks, mut waiting) = mpsc::unbounded_channel::<LaneTask>();
        let runtime = Handle::current();
        let serve = move || {
            let local = LocalSet::new();
            runtime.block_on(local.run_until(async move {
                while let Some(task) = waiting.recv().await {
                    spawn_local(task(loaders.clone()));
                }
            }));
        };
        std::thread::Builder::new().name("lectern-lane".to_owned()).spawn(serve).map_err(AppError::internal)?;
        Ok(Self { tasks, load: Arc::default() })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use sea_orm::DatabaseConnection;

    use super::*;
    use crate::http::accept::ResponseFormat;
    use catalog::database::ReadPool;

    fn lane(threads: usize, max_waiting: usize) -> Lane {
        Lane::start(threads, max_waiting, || Loaders::new(ReadPool(DatabaseConnection::default()))).unwrap()
    }

    #[tokio::test]
    async fn a_job_runs_on_another_thread_and_its_value_comes_back() {
        let lane = lane(1, 1);
        let there = lane.run(|_| async { std::thread::current().id() }).await.unwrap();
        assert_ne!(there, std::thread::current().id());
    }

    #[tokio::test]
    async fn beyond_what_may_wait_there_is_a_refusal_at_once() {
        let lane = lane(1, 0);
        let refusal = lane.run(|_| async {}).await.unwrap_err().answer(ResponseFormat::Json);
        assert_eq!(refusal.status(), 503);
        assert!(refusal.headers().contains_key("retry-after"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_refused() {
        let lane = lane(1, 1);
        let permits = lane.fill().await;
        assert!(lane.run(|_| async {}).await.is_err());
        drop(permits);
        assert!(lane.run(|_| async {}).await.is_ok());
    }

    #[tokio::test]
    async fn a_job_that_nobody_waits_for_gives_its_place_back() {
        let lane = lane(1, 1);
        for _ in 0..10 * RUNNING_PER_THREAD {
            let never = lane.run(|_| std::future::pending::<()>());
            assert!(never.now_or_never().is_none());
        }
        assert!(lane.run(|_| async {}).await.is_ok());
    }
}
