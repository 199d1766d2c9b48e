//! The databases under load: filled with the same catalogue, and maintained as an administrator would.

use std::path::Path;

use lectern::config::Settings;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::fill::{Catalogue, write};
use crate::yardstick;

/// Filled database.
pub struct Filled {
    /// Name in the report.
    pub name: &'static str,
    /// URL.
    pub url: String,
    /// Parent of all its processes; none if it runs in the server's.
    pub process: Option<u32>,
}

/// SQLite, in a file.
pub async fn sqlite(folder: &Path, catalogue: &Catalogue) -> Filled {
    let url = format!("sqlite://{}", folder.join("bench.sqlite").display());
    let db = fill(&url, folder, catalogue).await;
    run(&db, &yardstick::indexes()).await;
    run(&db, yardstick::SQLITE_INDEX).await;
    run(&db, "analyze").await;
    Filled { name: "SQLite", url, process: None }
}

/// PostgreSQL, in the cluster that scripts/postgres has started.
pub async fn postgres(folder: &Path, catalogue: &Catalogue) -> Filled {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run scripts/bench");
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    run(&admin, "drop database if exists bench with (force)").await;
    run(&admin, "create database bench").await;
    let url = server.replace("/postgres?", "/bench?");
    let db = fill(&url, folder, catalogue).await;
    run(&db, &yardstick::indexes()).await;
    run(&db, yardstick::POSTGRES_INDEX).await;
    run(&db, "vacuum analyze").await;
    run(&db, "checkpoint").await;
    Filled { name: "PostgreSQL", url, process: Some(postmaster()) }
}

async fn fill(url: &str, folder: &Path, catalogue: &Catalogue) -> DatabaseConnection {
    let settings = format!("database_url = '{url}'\ndata_dir = '{}'\nseed = 'none'", folder.display());
    let settings = Settings::with(&settings).unwrap_or_else(|error| panic!("{}", error.cause()));
    let (database, _) = lectern::start::prepare(&settings).await.unwrap_or_else(|error| panic!("{}", error.cause()));
    write(&database.write, catalogue).await;
    // A separate connection: those of the server have a statement timeout of a few seconds.
    sea_orm::Database::connect(url).await.unwrap()
}

async fn run(db: &DatabaseConnection, statement: &str) {
    db.execute_unprepared(statement).await.unwrap();
}

fn postmaster() -> u32 {
    let folder = std::env::var("PG_DATA").expect("PG_DATA is not set: run scripts/bench");
    let file = std::fs::read_to_string(Path::new(&folder).join("postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}
