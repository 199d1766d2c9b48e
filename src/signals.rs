//! What stops the process from outside: SIGTERM lets running requests finish, everything else ends it at once.

use crate::app::Handle;
use crate::error::{AppError, Result};

/// What the process exits with where it is stopped at once, as shells have it for Ctrl-C.
const AT_ONCE: i32 = 130;

/// The signals, heard from the moment that this value is made.
pub struct Signals {
    terminate: Terminate,
}

impl Signals {
    /// Begins to listen for them.
    pub fn listen() -> Result<Self> {
        Ok(Self { terminate: Terminate::listen().map_err(AppError::internal)? })
    }

    /// Waits for one and stops the application.
    pub async fn stop(mut self, application: Handle) {
        if !self.next_is_terminate().await {
            at_once();
        }
        tracing::info!("stopping: running requests may finish; a second signal stops at once");
        let again = async {
            self.next_is_terminate().await;
            at_once();
        };
        tokio::join!(application.stop(true), again);
    }

    /// Waits for a signal: true for SIGTERM, false for SIGINT.
    async fn next_is_terminate(&mut self) -> bool {
        tokio::select! {
            () = self.terminate.heard() => true,
            _ = tokio::signal::ctrl_c() => false,
        }
    }
}

/// The server cannot be told to hurry once it has begun to stop, so the process goes. Nothing is lost: every write is
/// a transaction, and the index knows how far it has got.
fn at_once() {
    std::process::exit(AT_ONCE);
}

#[cfg(unix)]
struct Terminate(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Terminate {
    fn listen() -> std::io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map(Self)
    }

    async fn heard(&mut self) {
        self.0.recv().await;
    }
}

/// There is no such signal here.
#[cfg(not(unix))]
struct Terminate;

#[cfg(not(unix))]
impl Terminate {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn heard(&mut self) {
        std::future::pending().await
    }
}
