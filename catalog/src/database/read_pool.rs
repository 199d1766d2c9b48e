//! Reads through a pool whose connections may have died unnoticed, for example because the database was restarted.

use sea_orm::prelude::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, SqlxError, Statement,
};

/// Maximum attempts for one statement. Each failure removes a dead connection from the pool.
const MAX_ATTEMPTS: u32 = 32;

/// Pool for reading. A statement that hits a dead connection is retried on another, since checking each connection
/// before use would cost as much as the statement. For reads only: a write could be applied twice.
#[derive(Clone, Debug)]
pub struct ReadPool(pub DatabaseConnection);

#[async_trait::async_trait]
impl ConnectionTrait for ReadPool {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        retry(|| self.0.query_one_raw(statement.clone())).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        retry(|| self.0.query_all_raw(statement.clone())).await
    }
}

/// Repeats a read as long as it meets dead connections.
async fn retry<T, F: Future<Output = Result<T, DbErr>>>(read: impl Fn() -> F) -> Result<T, DbErr> {
    for _ in 1..MAX_ATTEMPTS {
        match read().await {
            Err(error) if met_dead_connection(&error) => {}
            done => return done,
        }
    }
    read().await
}

/// Whether the connection died before it answered. False if the pool had no connection to give, because it has already
/// waited then.
#[allow(clippy::wildcard_enum_match_arm, reason = "every other error is an answer")]
fn met_dead_connection(error: &DbErr) -> bool {
    let (DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    match &**cause {
        SqlxError::Io(_) => true,
        SqlxError::Database(cause) => {
            cause.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
        }
        _ => false,
    }
}
