//! What stops the process from outside: SIGTERM lets running requests finish within a limit, everything else ends it at
//! once. Signals are heard on a thread of their own, so that nothing that runs can hold them up.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use catalog::error::{AppError, Result};
use tokio::runtime;

use crate::app::Handle;
use crate::telemetry;

/// The exit code of a process that is stopped at once, as shells have it for Ctrl-C.
const EXIT_INTERRUPTED: u8 = 130;
/// The exit code of a process that had to cut off what was still running at its limit, as `timeout` has it.
pub const EXIT_CUT_OFF: u8 = 124;

/// Begins to listen for signals, and stops the application when one comes: SIGTERM gives it `limit` to finish.
pub fn listen(application: Handle, limit: Duration) -> Result<()> {
    let (listening, listens) = mpsc::channel();
    let run = move || hear(&listening, application, limit);
    thread::Builder::new().name("signals".to_owned()).spawn(run).map_err(AppError::internal)?;
    listens.recv().map_err(AppError::internal)?.map_err(AppError::internal)
}

/// Hears signals on a runtime of its own, which cannot be made on a thread that has one already.
fn hear(listening: &mpsc::Sender<io::Result<()>>, application: Handle, limit: Duration) {
    let started = runtime::Builder::new_current_thread().enable_all().build().and_then(|runtime| {
        let signals = runtime.block_on(async { SignalListener::listen() })?;
        Ok((runtime, signals))
    });
    match started {
        Ok((runtime, signals)) => {
            _ = listening.send(Ok(()));
            runtime.block_on(stop(signals, application, limit));
        }
        Err(error) => _ = listening.send(Err(error)),
    }
}

async fn stop(mut signals: SignalListener, application: Handle, limit: Duration) {
    if !signals.next_is_terminate().await {
        telemetry::exit(EXIT_INTERRUPTED);
    }
    let deadline = Instant::now() + limit;
    tracing::info!("stopping: running requests may finish; a second signal stops at once");
    application.begin_stop(deadline);
    tokio::select! {
        _ = signals.next_is_terminate() => telemetry::exit(EXIT_INTERRUPTED),
        // Nothing is lost: every write is a transaction, and the index knows how far it has got.
        () = tokio::time::sleep_until(deadline.into()) => {
            tracing::warn!("stopped before everything was finished: shutdown_seconds are over");
            telemetry::exit(EXIT_CUT_OFF)
        }
    }
}

#[cfg(unix)]
struct SignalListener {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl SignalListener {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for a signal: true for SIGTERM, false for SIGINT.
    async fn next_is_terminate(&mut self) -> bool {
        tokio::select! {
            _ = self.terminate.recv() => true,
            _ = self.interrupt.recv() => false,
        }
    }
}

/// There is only the one of the keyboard here.
#[cfg(not(unix))]
struct SignalListener;

#[cfg(not(unix))]
impl SignalListener {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next_is_terminate(&mut self) -> bool {
        // Where it cannot be listened for, nobody can send it.
        let _ = tokio::signal::ctrl_c().await;
        false
    }
}
