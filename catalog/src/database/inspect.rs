//! Inspects a database before anything is written to it: whether it is ours, undamaged, and of which version.

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::error::{AppError, Code, Result};

/// SQLite files up to this size are checked completely at every start. In larger ones, damage shows when it is read.
const MAX_FULL_CHECK_BYTES: u64 = 64 * 1024 * 1024;

/// Rejects a file that is not an undamaged database of ours, without writing to it.
pub async fn inspect_file(path: &Path) -> Result<()> {
    let Ok(about) = std::fs::metadata(path) else { return Ok(()) };
    if about.len() == 0 {
        return Ok(());
    }
    let file = sea_orm::Database::connect(read_only(path)).await.map_err(|_| damaged())?;
    if about.len() <= MAX_FULL_CHECK_BYTES {
        let verdict = names(&file, "pragma quick_check(1)").await.map_err(|_| damaged())?;
        if verdict != ["ok"] {
            return Err(damaged());
        }
    }
    inspect_tables(&file).await.map_err(|error| if error.code() == Code::BadUserInput { error } else { damaged() })?;
    file.close().await.map_err(AppError::from)
}

fn damaged() -> AppError {
    AppError::input("database_url", "the file is damaged or is no SQLite database; nothing was changed")
}

/// Options to open a file read-only. Without a log, SQLite would create one even to read; an existing log belongs to
/// the content.
pub fn read_only(path: &Path) -> sea_orm::ConnectOptions {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let (path, alone) = (path.to_owned(), !Path::new(&log).exists());
    let mut options = sea_orm::ConnectOptions::new("sqlite:");
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| options.filename(&path).read_only(true).immutable(alone));
    options
}

/// Rejects foreign tables, and tables of a newer version. Returns the number of applied migrations.
pub async fn inspect_tables(db: &DatabaseConnection) -> Result<usize> {
    let tables: Vec<String> =
        names(db, TABLES[usize::from(db.get_database_backend() == sea_orm::DbBackend::Postgres)]).await?;
    if tables.is_empty() {
        return Ok(0);
    }
    let foreign = "the database holds the tables of another program; nothing was changed";
    let foreign = AppError::input("database_url", foreign);
    if !tables.iter().any(|table| table == "seaql_migrations") {
        return Err(foreign);
    }
    let applied = names(db, "select version from seaql_migrations").await?;
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    match applied.iter().find(|version| !known.contains(version)) {
        Some(_) if !applied.iter().any(|version| known.contains(version)) => Err(foreign),
        Some(version) => {
            let rule = format!("the database is of a newer version of Lectern (it has {version}); nothing was changed");
            Err(AppError::input("database_url", rule))
        }
        None => match migration::tables().find(|table| !tables.iter().any(|name| name == table)) {
            Some(table) if applied.len() == known.len() => {
                let rule = format!("the database is damaged: it has no table {table}; nothing was changed");
                Err(AppError::input("database_url", rule))
            }
            Some(_) | None => Ok(applied.len()),
        },
    }
}

/// Lists the tables: in SQLite, in PostgreSQL.
const TABLES: [&str; 2] = [
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    "select table_name::text from information_schema.tables where table_schema = current_schema()",
];

async fn names(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>> {
    let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(AppError::from)).collect()
}
