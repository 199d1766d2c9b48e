//! What is done after the answer is given: nobody waits for a mail server, and nobody learns from the time that an answer
//! takes whether there was a letter to send. It is kept in memory: after a crash people ask for their letter again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::{mpsc, oneshot};

use super::{Mail, Mailer};
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Result;

/// Jobs that may wait.
const MAX_QUEUED_JOBS: usize = 1_000;
/// How long one job may take, all its tries together.
const JOB_TIMEOUT: Duration = Duration::from_secs(60);
/// Tries of one letter, and the time between them.
const MAX_ATTEMPTS: u32 = 3;
const RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Jobs, done one after the other.
#[derive(Clone)]
pub struct Outbox {
    jobs: mpsc::Sender<BoxFuture<'static, ()>>,
    mailer: Arc<Mailer>,
    /// Letters that were not sent.
    pub failed: Counter,
}

impl Outbox {
    /// An empty one, which ends with the last of its clones.
    pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        let mailer = Arc::new(Mailer::new(settings, clock)?);
        let (jobs, waiting) = mpsc::channel(MAX_QUEUED_JOBS);
        let failed = Counter::default();
        tokio::spawn(run_jobs(waiting, failed.clone()));
        Ok(Self { jobs, mailer, failed })
    }

    /// Does this later. With a thousand jobs waiting, it is left undone and said so in the log.
    pub fn later(&self, job: impl Future<Output = ()> + Send + 'static) {
        if self.jobs.try_send(job.boxed()).is_err() {
            self.failed.inc();
            tracing::error!("too many letters are waiting; one is lost");
        }
    }

    /// Sends a letter later.
    pub fn send(&self, mail: Mail) {
        let (mailer, failed) = (self.mailer.clone(), self.failed.clone());
        self.later(async move { deliver(&mailer, &mail, &failed).await });
    }

    /// Sends a letter now, as part of a job.
    pub async fn send_now(&self, mail: Mail) {
        deliver(&self.mailer, &mail, &self.failed).await;
    }

    /// Waits until everything that has been put in is done.
    pub async fn wait_until_empty(&self) {
        let (done, wait) = oneshot::channel();
        self.later(async move { _ = done.send(()) });
        _ = wait.await;
    }
}

async fn run_jobs(mut waiting: mpsc::Receiver<BoxFuture<'static, ()>>, failed: Counter) {
    while let Some(job) = waiting.recv().await {
        let done = tokio::time::timeout(JOB_TIMEOUT, AssertUnwindSafe(job).catch_unwind()).await;
        if !matches!(done, Ok(Ok(()))) {
            failed.inc();
            tracing::error!("a letter was given up");
        }
    }
}

async fn deliver(mailer: &Mailer, mail: &Mail, failed: &Counter) {
    for _ in 1..MAX_ATTEMPTS {
        match mailer.deliver(mail).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(cause = error.cause(), "a letter is tried again"),
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
    if let Err(error) = mailer.deliver(mail).await {
        failed.inc();
        tracing::error!(cause = error.cause(), "a letter cannot be sent");
    }
}
