//! Locks on what no single row represents. Without them, two transactions that both check first and write then would
//! each miss what the other one is about to commit.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::error::Result;

/// Object of a lock. The values are the numbers of PostgreSQL's advisory locks: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Units and prerequisites of all courses.
    CourseGraph = 7_301,
    /// Names of all certifications.
    CertificationNames = 7_302,
}

/// Takes a lock until the transaction ends. Take it after the rows of providers and before the log. SQLite has a single
/// writer and needs no lock.
pub async fn lock(tx: &DatabaseTransaction, lock: Lock) -> Result<()> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "select pg_advisory_xact_lock($1)";
        tx.query_one_raw(Statement::from_sql_and_values(backend, sql, [(lock as i64).into()])).await?;
    }
    Ok(())
}
