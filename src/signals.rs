//! What stops the process from outside: SIGTERM lets running requests finish, everything else ends it at once.

use crate::app::Handle;
use crate::error::{AppError, Result};

/// What the process exits with where it is stopped at once, as shells have it for Ctrl-C.
const AT_ONCE: i32 = 130;

/// The signals, heard from the moment that this value is made: one that comes while nobody waits is not lost.
pub struct Signals {
    heard: Heard,
}

impl Signals {
    /// Begins to listen for them.
    pub fn listen() -> Result<Self> {
        Ok(Self { heard: Heard::listen().map_err(AppError::internal)? })
    }

    /// Waits for one and stops the application.
    pub async fn stop(mut self, application: Handle) {
        if !self.heard.next_is_terminate().await {
            at_once();
        }
        tracing::info!("stopping: running requests may finish; a second signal stops at once");
        let again = async {
            self.heard.next_is_terminate().await;
            at_once();
        };
        tokio::join!(application.stop(true), again);
    }
}

/// The server cannot be told to hurry once it has begun to stop, so the process goes. Nothing is lost: every write is
/// a transaction, and the index knows how far it has got.
fn at_once() {
    std::process::exit(AT_ONCE);
}

#[cfg(unix)]
struct Heard {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Heard {
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
struct Heard;

#[cfg(not(unix))]
impl Heard {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next_is_terminate(&mut self) -> bool {
        // Where it cannot be listened for, nobody can send it.
        let _ = tokio::signal::ctrl_c().await;
        false
    }
}
