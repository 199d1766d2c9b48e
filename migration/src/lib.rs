//! Migrations of Lectern's database, oldest first. A released migration is never edited: every change is a new
//! migration. Each runs in a transaction, up and down, on SQLite and on PostgreSQL.

mod dialect;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

use dialect::write_for;

/// Migration in portable SQL, with the name that the database remembers it by.
#[derive(Clone, Copy)]
struct Script {
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

/// Lists the scripts of these names.
macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        &[$(Script {
            name: concat!("m", $name),
            up: include_str!(concat!("sql/", $name, "_up.sql")),
            down: include_str!(concat!("sql/", $name, "_down.sql")),
        }),+]
    };
}

const SCRIPTS: &[Script] = scripts![
    "000001_catalogue",
    "000002_accounts",
    "000003_reviews",
    "000004_outcomes",
    "000005_indexes",
    "000007_identity",
    "000008_partnerships",
    "000009_names",
    "000010_operations",
    "000011_class_size",
];

/// Tables of a database of this version.
pub fn tables() -> impl Iterator<Item = &'static str> {
    let statements = SCRIPTS.iter().flat_map(|script| script.up.lines());
    statements.filter_map(|line| line.strip_prefix("create table ")?.split_whitespace().next())
}

/// Runs the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        SCRIPTS.iter().map(|script| Box::new(*script) as Box<dyn MigrationTrait>).collect()
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
