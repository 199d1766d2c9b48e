//! Keeps table statistics fresh, by which the database chooses indexes. PostgreSQL does so itself, some time after many
//! rows were written. SQLite never does, and without them it scans all published reviews to find those of one course.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, TransactionTrait};
use tokio::sync::oneshot;

use super::{Database, write_options};

/// Refresh interval of a serving process.
const REFRESH_INTERVAL: Duration = Duration::from_secs(3600);
/// Time that closing waits for the refresh.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Analyzes tables whose size has changed much since the last time, including tables that this connection never read.
/// The limit bounds the rows read per index, so that other writers wait for milliseconds only.
const OPTIMIZE: [&str; 2] = ["pragma analysis_limit = 1000", "pragma optimize = 0x10002"];
/// Reads the statistics. Other connections load them only when they load the schema.
const STATISTICS: &str = "select tbl, idx, stat from sqlite_stat1 order by 1, 2";
const HAS_STATISTICS: &str = "select 1 from sqlite_master where name = 'sqlite_stat1'";
/// Changes the schema without leaving a trace, so that all connections reload it.
const CHANGE_SCHEMA: [&str; 2] = ["create table statistics_changed (id integer)", "drop table statistics_changed"];

impl Database {
    /// Refreshes the statistics after many rows were written. Stale statistics only cost time, so a failure is logged
    /// and nothing else.
    pub async fn refresh_statistics(&self) {
        let refreshed = match self.write.get_database_backend() {
            DbBackend::Postgres => analyze(&self.write).await,
            DbBackend::Sqlite | DbBackend::MySql | _ => optimize(&self.write).await,
        };
        if let Err(cause) = refreshed {
            tracing::warn!(%cause, "the statistics of the database cannot be brought up");
        }
    }

    /// Refreshes the statistics if the database does not do so itself, for example after opening and before closing.
    pub async fn optimize(&self) {
        if self.write.get_database_backend() == DbBackend::Sqlite {
            self.refresh_statistics().await;
        }
    }

    /// Like `optimize`, within a time limit.
    pub(super) async fn optimize_before_closing(&self) {
        // A longer wait would mean that somebody else has locked the file.
        _ = tokio::time::timeout(CLOSE_TIMEOUT, self.optimize()).await;
    }

    /// Wakes `keep_statistics` after many rows were written.
    pub fn note_many_rows(&self) {
        self.many_rows.notify_one();
    }

    /// Refreshes the statistics periodically, and after many rows were written, until the other end of `stop` is
    /// dropped.
    pub async fn keep_statistics(self, stop: oneshot::Receiver<()>) {
        let keep = async {
            loop {
                tokio::select! {
                    () = self.many_rows.notified() => self.refresh_statistics().await,
                    () = tokio::time::sleep(REFRESH_INTERVAL) => self.optimize().await,
                }
            }
        };
        tokio::select! {
            _ = stop => {}
            () = keep => {}
        }
    }
}

async fn optimize(db: &DatabaseConnection) -> Result<(), DbErr> {
    let before = statistics(db).await?;
    for statement in OPTIMIZE {
        db.execute_unprepared(statement).await?;
    }
    if statistics(db).await? == before {
        return Ok(());
    }
    let transaction = db.begin_with_options(write_options()).await?;
    for statement in CHANGE_SCHEMA {
        transaction.execute_unprepared(statement).await?;
    }
    transaction.commit().await
}

async fn statistics(db: &DatabaseConnection) -> Result<Vec<[Option<String>; 3]>, DbErr> {
    let query = |sql: &str| db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
    if query(HAS_STATISTICS).await?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = query(STATISTICS).await?;
    let row = |row: &QueryResult| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?]);
    rows.iter().map(row).collect()
}

async fn analyze(db: &DatabaseConnection) -> Result<(), DbErr> {
    let tables: Vec<&str> = migration::tables().collect();
    let transaction = db.begin().await?;
    // May take longer than a request's statement, but must not wait for table locks.
    transaction.execute_unprepared("set local statement_timeout = 0; set local lock_timeout = '5s'").await?;
    transaction.execute_unprepared(&format!("analyze {}", tables.join(", "))).await?;
    transaction.commit().await
}
