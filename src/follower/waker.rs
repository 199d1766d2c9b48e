//! What wakes the follower: PostgreSQL says when something was appended, a request that waits for a position says so,
//! and a look at the log now and then is the fallback everywhere.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use sea_orm::{DatabaseConnection, DbBackend};

use crate::snapshot::SnapshotStore;

/// How long the follower sleeps where nothing wakes it.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// What wakes the follower.
pub(super) struct Waker {
    snapshots: Arc<SnapshotStore>,
    listener: Option<PgListener>,
}

impl Waker {
    /// A waker on a database. Where it cannot be listened to (SQLite, or a replica, which passes no notices on),
    /// looking now and then has to do.
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

/// Over a connection of its own: one of the pool's would be missing there for good.
async fn listen(db: &DatabaseConnection) -> Result<PgListener, sea_orm::SqlxError> {
    let options = db.get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let mut listener = PgListener::connect_with(&pool.connect_lazy_with((*options).clone())).await?;
    listener.listen("lectern_changes").await?;
    Ok(listener)
}

/// Waits for a notice. After a broken connection the listener connects again by itself the next time it is asked;
/// until then the poll goes on.
async fn notice(listener: &mut Option<PgListener>) {
    let heard = match listener {
        Some(listener) => listener.recv().await.is_ok(),
        None => false,
    };
    if !heard {
        pending::<()>().await;
    }
}
