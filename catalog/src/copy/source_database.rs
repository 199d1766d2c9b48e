//! Source database of a copy. Opened read-only, and only if it is of this exact version.

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, DatabaseConnection, DatabaseTransaction};

use super::disable_timeout;
use crate::database;
use crate::database::inspect::{inspect_file, inspect_tables, read_only};
use crate::error::{AppError, Result};

/// Name of the argument that gives the database.
const ARGUMENT: &str = "--from";

/// Opens the database at this URL.
pub async fn open(url: &str) -> Result<DatabaseConnection> {
    let mut options = match database::file(url) {
        Some(path) => file(&path).await?,
        None if url.starts_with("postgres://") || url.starts_with("postgresql://") => ConnectOptions::new(url),
        None => return Err(AppError::input(ARGUMENT, "must be sqlite://FILE or postgres://…")),
    };
    let db = sea_orm::Database::connect(options.max_connections(1).sqlx_logging(false).clone());
    let away = "the database cannot be reached, or refuses the user, the password or the name";
    let db = db.await.map_err(|_| AppError::input(ARGUMENT, away))?;
    match inspect_tables(&db).await.map_err(blame_argument)? {
        0 => Err(AppError::input(ARGUMENT, "the database is empty")),
        applied if applied < Migrator::migrations().len() => {
            let rule =
                "the database is of an older version of Lectern: let `lectern migrate` of this one bring it up first";
            Err(AppError::input(ARGUMENT, rule))
        }
        _ => Ok(db),
    }
}

async fn file(path: &Path) -> Result<ConnectOptions> {
    if !path.is_file() {
        return Err(AppError::input(ARGUMENT, "there is no such file"));
    }
    inspect_file(path).await.map_err(blame_argument)?;
    Ok(read_only(path))
}

/// Attributes an error to the argument instead of the setting.
fn blame_argument(error: AppError) -> AppError {
    if let AppError::BadUserInput { rule, .. } = error { AppError::input(ARGUMENT, rule) } else { error }
}

/// Begins a transaction that sees all data as of one moment, regardless of concurrent writes.
pub(super) async fn snapshot(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let snapshot = database::begin_reading(db).await?;
    disable_timeout(&snapshot).await?;
    Ok(snapshot)
}
