//! Wakes the follower: by PostgreSQL notifications, by requests that wait for a position, and by polling as the
//! fallback.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use sea_orm::{DatabaseConnection, DbBackend};

use crate::snapshot::SnapshotStore;

/// Sleep of the follower if nothing wakes it.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Wakes the follower.
pub(super) struct Waker {
    snapshots: Arc<SnapshotStore>,
    listener: Option<PgListener>,
}

impl Waker {
    /// Creates a waker for a database. Where notifications do not work (SQLite, or a replica, which does not forward
    /// them), polling has to do.
    pub(super) async fn new(db: &DatabaseConnection, snapshots: Arc<SnapshotStore>) -> Self {
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        let listener = if postgres { listen(db).await.ok() } else { None };
        Self { snapshots, listener }
    }

    /// Sleeps until there may be something to do.
    pub(super) async fn sleep(&mut self) {
        tokio::select! {
            () = notice(&mut self.listener) => {}
            () = self.snapshots.wait_for_request() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Uses a connection of its own, because one from the pool would be unavailable to everyone else forever.
async fn listen(db: &DatabaseConnection) -> Result<PgListener, sea_orm::SqlxError> {
    let options = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let mut listener = PgListener::connect_with(&pool.connect_lazy_with((*options).clone())).await?;
    listener.listen("lectern_changes").await?;
    Ok(listener)
}

/// Waits for a notification. After a broken connection the listener reconnects on its next call; polling continues
/// meanwhile.
async fn notice(listener: &mut Option<PgListener>) {
    let heard = match listener {
        Some(listener) => listener.recv().await.is_ok(),
        None => false,
    };
    if !heard {
        pending::<()>().await;
    }
}
