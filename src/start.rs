//! Prepares the database before anything is served: inspects it, migrates it and, if it is empty, seeds it. A file or
//! database that is not ours, damaged, or of a newer version is rejected and left unchanged.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use catalog::database;
use catalog::database::inspect::{inspect_file, inspect_tables};
use catalog::database::{Database, create_private_file, create_private_folder};
use catalog::error::{AppError, Result};
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::{self, postgres::PgConnectOptions};
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait};

use search::{add_facts, add_synonyms};

use crate::config::Settings;
use crate::graphql::course::search::check_filter;

/// Lock that keeps two processes from migrating one PostgreSQL database at the same time. The number is arbitrary but
/// fixed.
const MIGRATION_LOCK: i64 = 0x4c45_4354;

/// Maximum size of a file of facts or synonyms.
const MAX_WORD_FILE_BYTES: u64 = 10_000_000;

/// Report of the state of the database, and of what was done to it.
#[derive(Clone, Debug)]
pub struct DatabaseReport {
    location: String,
    /// Whether it held nothing at all, not even tables.
    is_new: bool,
    migrations: usize,
}

impl Display for DatabaseReport {
    fn fmt(&self, line: &mut Formatter<'_>) -> fmt::Result {
        let Self { location, is_new, migrations } = self;
        match (is_new, migrations) {
            (true, _) => write!(line, "database: NEW, nothing was there before: {location}"),
            (false, 0) => write!(line, "database: {location}"),
            (false, 1) => write!(line, "database: {location}, brought to this version by 1 migration"),
            (false, _) => write!(line, "database: {location}, brought to this version by {migrations} migrations"),
        }
    }
}

/// Inspects the database, opens it and migrates it to this version.
pub async fn prepare(settings: &Settings) -> Result<(Database, DatabaseReport)> {
    create_private_folder(&settings.data_dir).map_err(|_| AppError::input("data_dir", "the folder cannot be made"))?;
    let lock = std::fs::File::create(settings.data_dir.join("start.lock"));
    let lock = lock.map_err(|_| AppError::input("data_dir", "the folder cannot be written to"))?;
    lock.lock().map_err(AppError::internal)?;
    let database_settings = settings.database();
    if let Some(path) = database::file(&database_settings.url) {
        inspect_file(&path).await?;
        // If it cannot be created, opening it reports the error.
        _ = create_private_file(&path);
    }
    let database = Database::open(&database_settings).await.map_err(|error| cannot_open(&error))?;
    let migrated = migrate(&database.write).await;
    if migrated.is_err() {
        database.close().await;
    }
    let (is_new, migrations) = migrated?;
    Ok((database, DatabaseReport { location: describe_location(&database_settings.url), is_new, migrations }))
}

/// Reads the operator's files of facts and synonyms for the search.
pub fn read_search_words(settings: &Settings) -> Result<()> {
    for (setting, path) in [("search_facts", &settings.search_facts), ("search_synonyms", &settings.search_synonyms)] {
        if path.as_os_str().is_empty() {
            continue;
        }
        let is_small = std::fs::metadata(path).is_ok_and(|file| file.len() <= MAX_WORD_FILE_BYTES);
        let text = std::fs::read_to_string(path).ok().filter(|_| is_small);
        let text = text.ok_or_else(|| AppError::input(setting, "must name a readable UTF-8 file of at most 10 MB"))?;
        let added = if setting == "search_facts" { add_facts(&text, check_filter) } else { add_synonyms(&text) };
        added.map_err(|fault| AppError::input(setting, format!("line {}: {}", fault.line, fault.rule)))?;
    }
    Ok(())
}

/// Location of the database for people, without user and password.
fn describe_location(url: &str) -> String {
    if let Some(path) = database::file(url) {
        return format!("SQLite, {}", std::path::absolute(&path).unwrap_or(path).display());
    }
    PgConnectOptions::from_str(url).map_or_else(
        |_| "PostgreSQL".to_owned(),
        |server| {
            let name = server.get_database().unwrap_or(server.get_username());
            format!("PostgreSQL, {name} at {}:{}", server.get_host(), server.get_port())
        },
    )
}

fn cannot_open(error: &AppError) -> AppError {
    tracing::debug!(cause = error.cause(), "the database cannot be opened");
    AppError::input("database_url", "the database cannot be reached, or refuses the user, the password or the name")
}

/// Migrates the database to this version, one process at a time. Returns whether it was empty, and how many migrations
/// ran.
async fn migrate(db: &DatabaseConnection) -> Result<(bool, usize)> {
    if db.get_database_backend() != sea_orm::DbBackend::Postgres {
        return apply_migrations(db).await;
    }
    let mut session = db.get_postgres_connection_pool().acquire().await.map_err(AppError::internal)?;
    // May wait longer than a request's statement for another process that is migrating.
    let statements = ["set statement_timeout = 0".to_owned(), format!("select pg_advisory_lock({MIGRATION_LOCK})")];
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *session).await.map_err(AppError::internal)?;
    }
    let done = apply_migrations(db).await;
    // Closing the session releases the lock and the changed timeout.
    session.close().await.map_err(AppError::internal)?;
    done
}

async fn apply_migrations(db: &DatabaseConnection) -> Result<(bool, usize)> {
    let is_new = inspect_tables(db).await? == 0;
    let pending = Migrator::get_pending_migrations(db).await?;
    Migrator::up(db, None).await?;
    for migration in &pending {
        tracing::info!(name = migration.name(), "a migration is applied");
    }
    if entity::catalogue::Entity::find().one(db).await?.is_none() {
        let uid = Set(uuid::Uuid::new_v4().to_string());
        let row = entity::catalogue::ActiveModel { id: Set(1), uid, position: Set(0) };
        entity::catalogue::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok((is_new, pending.len()))
}
