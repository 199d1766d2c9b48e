//! Jobs that run after the response is sent: nobody waits for a mail server, and response times do not reveal whether a
//! mail was sent. Kept in memory: after a crash, people request their mail again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::{mpsc, oneshot};

use super::{Mail, MailSettings, Mailer};
use crate::clock::Clock;
use crate::error::Result;

const MAX_QUEUED_JOBS: usize = 1_000;
/// Timeout of one job, including all its attempts.
const JOB_TIMEOUT: Duration = Duration::from_secs(60);
/// Attempts to send one mail, and the delay between them.
const MAX_ATTEMPTS: u32 = 3;
const RETRY_INTERVAL: Duration = Duration::from_secs(5);

/// Queue of jobs, run one after the other.
#[derive(Clone)]
pub struct Outbox {
    jobs: mpsc::Sender<BoxFuture<'static, ()>>,
    mailer: Arc<Mailer>,
    /// Number of mails that could not be sent.
    pub failed: Counter,
}

impl Outbox {
    /// Opens an empty outbox, which ends with the last of its clones.
    pub fn open(settings: &MailSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let mailer = Arc::new(Mailer::new(settings, clock)?);
        let (jobs, waiting) = mpsc::channel(MAX_QUEUED_JOBS);
        let failed = Counter::default();
        tokio::spawn(run_jobs(waiting, failed.clone()));
        Ok(Self { jobs, mailer, failed })
    }

    /// Queues a job. If a thousand are queued already, drops it and logs that.
    pub fn later(&self, job: impl Future<Output = ()> + Send + 'static) {
        if self.jobs.try_send(job.boxed()).is_err() {
            self.failed.inc();
            tracing::error!("too many letters are waiting; one is lost");
        }
    }

    /// Queues a mail.
    pub fn send(&self, mail: Mail) {
        let outbox = self.clone();
        self.later(async move { outbox.send_now(mail).await });
    }

    /// Sends a mail now, as part of a job.
    pub async fn send_now(&self, mail: Mail) {
        for _ in 1..MAX_ATTEMPTS {
            match self.mailer.deliver(&mail).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(cause = error.cause(), "a letter is tried again"),
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
        if let Err(error) = self.mailer.deliver(&mail).await {
            self.failed.inc();
            tracing::error!(cause = error.cause(), "a letter cannot be sent");
        }
    }

    /// Waits until all queued jobs are done.
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
