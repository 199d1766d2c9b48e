//! Connections of the yardstick: as many as Lectern has by default, configured in the same way.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

const CONNECTIONS: u32 = 8;

/// Pool on either database.
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    /// Opens the pool.
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite") {
            let options = SqliteConnectOptions::from_str(url).unwrap().journal_mode(SqliteJournalMode::Wal);
            let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
            return Self::Sqlite(pool.connect_with(options).await.unwrap());
        }
        let options = PgConnectOptions::from_str(url).unwrap();
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
        Self::Postgres(pool.connect_with(options).await.unwrap())
    }
}

/// Runs a prepared statement on either database and passes its rows to an expression. A macro, because the two drivers
/// have different types for everything.
macro_rules! with_rows {
    ($pool:expr, $query:expr, |$rows:ident| $use:expr) => {
        match $pool {
            $crate::yardstick::Pool::Sqlite(pool) => {
                let $rows = $query.fetch_all(pool).await.map_err($crate::yardstick::failed)?;
                $use
            }
            $crate::yardstick::Pool::Postgres(pool) => {
                let $rows = $query.fetch_all(pool).await.map_err($crate::yardstick::failed)?;
                $use
            }
        }
    };
}

pub(super) use with_rows;
