//! What happens to the database before anything is served: it is looked at, migrated and, where empty, seeded. A file
//! or database that is not ours, damaged, or of a newer version is refused and left as it is.

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, EntityTrait};

use crate::config::Settings;
use crate::database::{self, Database, url};
use crate::error::{AppError, Code, Result};

/// SQLite files up to this size are checked in full at every start; in a larger one damage shows when it is read.
const CHECKED_IN_FULL: u64 = 64 * 1024 * 1024;
/// The lock that keeps two processes from migrating one PostgreSQL database at the same time; any fixed number does.
const MIGRATION_LOCK: i64 = 0x4c45_4354;

/// Looks at the database, opens it and brings it to this version.
pub async fn prepare(settings: &Settings) -> Result<Database> {
    private_folder(&settings.data_dir).map_err(|_| AppError::input("data_dir", "the folder cannot be made"))?;
    let lock = std::fs::File::create(settings.data_dir.join("start.lock"));
    let lock = lock.map_err(|_| AppError::input("data_dir", "the folder cannot be written to"))?;
    lock.lock().map_err(AppError::internal)?;
    if let Some(path) = database::file(&url(settings)) {
        inspect_file(&path).await?;
        // Where it cannot be made, opening it says so.
        _ = private_file(&path);
    }
    let database = Database::open(settings).await.map_err(|error| cannot_open(&error))?;
    migrate(&database.write).await?;
    Ok(database)
}

/// Makes a folder that nobody else may read: keys lie in it, and letters with links that sign in.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Makes the file of a new database, for its owner only; what SQLite puts beside it takes its rights from it.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path).map(drop)
}

fn cannot_open(error: &AppError) -> AppError {
    tracing::debug!(cause = error.cause(), "the database cannot be opened");
    AppError::input("database_url", "the database cannot be reached, or refuses the user, the password or the name")
}

/// Refuses a file that is not an undamaged database of ours, without writing to it.
async fn inspect_file(path: &Path) -> Result<()> {
    let Ok(about) = std::fs::metadata(path) else { return Ok(()) };
    if about.len() == 0 {
        return Ok(());
    }
    let file = sea_orm::Database::connect(read_only(path)).await.map_err(|_| damaged())?;
    if about.len() <= CHECKED_IN_FULL {
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

/// Without its log, SQLite would make one even to read; where there is one, it belongs to the content.
fn read_only(path: &Path) -> sea_orm::ConnectOptions {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let (path, alone) = (path.to_owned(), !Path::new(&log).exists());
    let mut options = sea_orm::ConnectOptions::new("sqlite:");
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| options.filename(&path).read_only(true).immutable(alone));
    options
}

async fn migrate(db: &DatabaseConnection) -> Result<()> {
    let postgres = db.get_database_backend() == sea_orm::DbBackend::Postgres;
    let pool = postgres.then(|| db.get_postgres_connection_pool().clone());
    let mut held = match &pool {
        Some(pool) => Some(pool.acquire().await.map_err(AppError::internal)?),
        None => None,
    };
    if let Some(lock) = &mut held {
        // Waits for another process that is migrating: longer than a statement of a request may.
        let statements = ["set statement_timeout = 0".to_owned(), format!("select pg_advisory_lock({MIGRATION_LOCK})")];
        for statement in statements {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut **lock).await.map_err(AppError::internal)?;
        }
    }
    let done = bring_up(db).await;
    if let Some(lock) = held {
        // Closing the session gives the lock back and forgets the changed timeout.
        lock.close().await.map_err(AppError::internal)?;
    }
    done
}

async fn bring_up(db: &DatabaseConnection) -> Result<()> {
    inspect_tables(db).await?;
    Migrator::up(db, None).await?;
    if entity::catalogue::Entity::find().one(db).await?.is_none() {
        let uid = Set(uuid::Uuid::new_v4().to_string());
        let row = entity::catalogue::ActiveModel { id: Set(1), uid, position: Set(0) };
        entity::catalogue::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Refuses tables of somebody else, and those of a newer version of ours.
async fn inspect_tables(db: &DatabaseConnection) -> Result<()> {
    let tables: Vec<String> =
        names(db, TABLES[usize::from(db.get_database_backend() == sea_orm::DbBackend::Postgres)]).await?;
    if tables.is_empty() {
        return Ok(());
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
            Some(_) | None => Ok(()),
        },
    }
}

/// What lists the tables: in SQLite, in PostgreSQL.
const TABLES: [&str; 2] = [
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    "select table_name::text from information_schema.tables where table_schema = current_schema()",
];

async fn names(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>> {
    let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(AppError::from)).collect()
}
