//! Database connections, and the few places where the two databases need different SQL.

pub mod inspect;
pub mod pages;
mod private_files;
mod read_pool;
mod statistics;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement, SimpleExpr};
use sea_orm::sqlx::Connection;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    QueryResult, SqliteTransactionMode, TransactionOptions, TransactionTrait, TryGetableMany,
};
use tokio::sync::{Notify, Semaphore};

use crate::error::Result;

pub use private_files::{create_private_file, create_private_folder};
pub use read_pool::ReadPool;

/// Time that a request waits for a free connection.
const POOL_TIMEOUT: Duration = Duration::from_secs(2);
/// Time that connections in use may take to return when a pool is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(15);
/// Timeout of one statement of a request, in milliseconds.
const STATEMENT_TIMEOUT: &str = "5000";

/// Memory for pages of SQLite's writer, as negative KiB. With that of a reader, an import of many courses would read the
/// pages of the indexes again and again.
const WRITER_CACHE: &str = "-32768";
/// Memory for pages of each of SQLite's readers: the default.
const READER_CACHE: &str = "-2000";

/// Settings of the connections.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// URL of the primary: `sqlite://` or `postgres://`.
    pub url: String,
    /// URL of a read replica; `None` if there is none. Not for SQLite.
    pub replica_url: Option<String>,
    /// Number of connections for reading.
    pub read_connections: u32,
    /// Number of connections for writing. SQLite always has one.
    pub write_connections: u32,
}

/// Connections for writing and for reading the catalogue.
#[derive(Clone)]
pub struct Database {
    /// Pool of the primary. SQLite has one connection here, because it has one writer.
    pub write: DatabaseConnection,
    /// Pool of the replica if there is one, else a separate pool on the same database. Statements are counted.
    pub read: ReadPool,
    /// Pool for reads that must see the last write: the primary. Same as `read` if there is no replica.
    pub primary: ReadPool,
    /// Pool of `read` without the count, used by the follower.
    pub follow: DatabaseConnection,
    /// Permits for transactions of many rows: one less than the write connections if there are several, so that one
    /// stays free for everyone else.
    pub batches: Arc<Semaphore>,
    /// Notified when many rows were written, so that statistics are refreshed.
    many_rows: Arc<Notify>,
    /// Number of read statements.
    pub statements: Counter,
    /// Number of statements on the primary.
    pub writes: Counter,
}

impl Database {
    /// Opens all pools on a database that has been checked.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self> {
        let url = settings.url.as_str();
        if url.starts_with("sqlite") {
            let write = sea_orm::Database::connect(sqlite(url, 1, WRITER_CACHE)).await?;
            let read = sea_orm::Database::connect(sqlite(url, settings.read_connections, READER_CACHE)).await?;
            return Ok(Self::new(write, read, 1, false));
        }
        let has_replica = settings.replica_url.is_some();
        let replica = settings.replica_url.as_deref().unwrap_or(url);
        let write = sea_orm::Database::connect(postgres(url, settings.write_connections, true)).await?;
        let read = sea_orm::Database::connect(postgres(replica, settings.read_connections, false)).await?;
        Ok(Self::new(write, read, settings.write_connections, has_replica))
    }

    fn new(mut write: DatabaseConnection, mut read: DatabaseConnection, writers: u32, has_replica: bool) -> Self {
        let follow = read.clone();
        let (statements, writes) = (counted(&mut read), counted(&mut write));
        let primary = ReadPool(if has_replica { write.clone() } else { read.clone() });
        let batches = Arc::new(Semaphore::new(std::cmp::max(writers.saturating_sub(1), 1) as usize));
        let many_rows = Arc::default();
        Self { write, read: ReadPool(read), primary, follow, batches, many_rows, statements, writes }
    }

    /// Closes all connections. SQLite's last connection moves its log into the file, so that the file alone is the
    /// complete database and can be copied. The write pool is therefore closed last, after the others: of two
    /// connections that close at the same time, each may leave this to the other.
    pub async fn close(&self) {
        self.optimize_before_closing().await;
        for pool in [&self.follow, &self.write] {
            if !matches!(tokio::time::timeout(CLOSE_TIMEOUT, pool.close_by_ref()).await, Ok(Ok(()))) {
                tracing::warn!("not all connections to the database were closed in order");
            }
        }
    }
}

/// Counts the statements of a pool from now on.
pub(crate) fn counted(pool: &mut DatabaseConnection) -> Counter {
    let counter = Counter::default();
    let count = counter.clone();
    pool.set_metric_callback(move |_| _ = count.inc());
    counter
}

/// File of an SQLite database, as the driver parses its URL.
pub fn file(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.starts_with("sqlite:").then(|| url.parse().ok())??;
    Some(options.get_filename().to_owned())
}

fn sqlite(url: &str, connections: u32, cache: &'static str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(connections).min_connections(1).acquire_timeout(POOL_TIMEOUT).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options: SqliteConnectOptions| {
        options
            .pragma("cache_size", cache)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
    });
    // If the disk is full, SQLite rolls back by itself. The library still counts the transaction as open and would
    // treat all later transactions on this connection as parts of it, which are never committed.
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        let sound = !connection.is_in_transaction();
        Box::pin(async move { Ok(sound) })
    });
    options
}

fn postgres(url: &str, connections: u32, writes: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(connections).min_connections(1).acquire_timeout(POOL_TIMEOUT).sqlx_logging(false);
    // No ping before each read: it would cost as much as the statement. A read on a dead connection is retried instead,
    // which would be wrong for a write.
    options.test_before_acquire(writes);
    options.map_sqlx_postgres_opts(|options: PgConnectOptions| {
        options.application_name("lectern").options([("statement_timeout", STATEMENT_TIMEOUT)])
    });
    options
}

/// Options of a transaction that will write. SQLite takes its only lock immediately: a transaction that reads first
/// could not go on after somebody else has written.
pub fn write_options() -> TransactionOptions {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() }
}

/// Begins a transaction that only reads, and sees all data as of its first statement, regardless of concurrent writes.
pub async fn begin_reading(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    // SQLite always reads this way, and rejects the setting.
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let options = TransactionOptions {
        isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
        access_mode: postgres.then_some(AccessMode::ReadOnly),
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// `column in (ids)` in a form whose SQL does not depend on the number of IDs, so that it is prepared once.
pub fn in_ids(db: &impl ConnectionTrait, column: impl IntoColumnRef, ids: impl IntoIterator<Item = i64>) -> SimpleExpr {
    in_list(db, column, ids)
}

/// Like `in_ids`, for a list of any type.
pub fn in_list<T>(
    db: &impl ConnectionTrait,
    column: impl IntoColumnRef,
    list: impl IntoIterator<Item = T>,
) -> SimpleExpr
where
    Vec<T>: Into<Expr> + Into<serde_json::Value>,
{
    let list: Vec<T> = list.into_iter().collect();
    if db.get_database_backend() == DbBackend::Postgres {
        return Expr::col(column).eq(PgFunc::any(list));
    }
    let list: serde_json::Value = list.into();
    let values = Func::cust("json_each").arg(list.to_string());
    let query = Query::select().expr(Expr::cust("value")).from_function(values, "value").take();
    Expr::col(column).in_subquery(query)
}

/// Returns each row of a query as a tuple of its columns.
pub async fn tuples<T: TryGetableMany>(db: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<T>> {
    let rows = db.query_all(query).await?;
    Ok(rows.iter().map(QueryResult::try_get_many_by_index).collect::<Result<_, _>>()?)
}

/// Like `in_ids`, for statements written by hand: the SQL after the column name, with this parameter number.
pub fn ids_parameter(backend: DbBackend, place: usize) -> String {
    if backend == DbBackend::Postgres {
        format!("= any(${place})")
    } else {
        format!("in (select value from json_each(${place}))")
    }
}

/// Value of that parameter.
pub fn ids_value(backend: DbBackend, ids: Vec<i64>) -> sea_orm::Value {
    if backend == DbBackend::Postgres { ids.into() } else { serde_json::Value::from(ids).to_string().into() }
}

/// Expression to sort a text column by, with the same order on both databases: by code point, ignoring case.
pub fn sort_key(db: &impl ConnectionTrait, column: &str) -> SimpleExpr {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    Expr::cust(format!("lower({column}){}", if postgres { " collate \"C\"" } else { "" }))
}
