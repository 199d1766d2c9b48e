//! Migrations of Lectern's database, oldest first. A released migration is never edited: every change is a new
//! migration. Each runs in a transaction, up and down, on SQLite and on PostgreSQL.

mod dialect;

use include_dir::{Dir, File, include_dir};
use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

use dialect::write_for;

/// Migration in portable SQL.
struct Script {
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

/// One file per migration, with the name that the database remembers it by: the way up, a line `-- down`, and the way
/// down.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/sql");

/// All migrations, oldest first.
fn scripts() -> Vec<Script> {
    let script = |file: &'static File<'_>| {
        let (up, down) = file.contents_utf8()?.split_once("\n-- down\n")?;
        Some(Script { name: file.path().file_stem()?.to_str()?, up, down })
    };
    let mut scripts: Vec<Script> = FILES.files().filter_map(script).collect();
    scripts.sort_unstable_by_key(|script| script.name);
    scripts
}

/// Tables of a database of this version.
pub fn tables() -> impl Iterator<Item = &'static str> {
    let statements = scripts().into_iter().flat_map(|script| script.up.lines());
    statements.filter_map(|line| line.strip_prefix("create table ")?.split_whitespace().next())
}

/// Runs the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        scripts().into_iter().map(|script| Box::new(script) as Box<dyn MigrationTrait>).collect()
    }
}

impl MigrationName for Script {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Script {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = write_for(manager.get_database_backend(), self.up);
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.down).await.map(|_| ())
    }
}
