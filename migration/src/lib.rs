//! Migrations of Lectern's database, oldest first. A released migration is never edited: every change is a new
//! migration. Each runs in a transaction, up and down, on SQLite and on PostgreSQL.

mod dialect;
mod script;

use sea_orm_migration::{MigrationTrait, async_trait};
pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

use script::Script;

const SCRIPTS: &[Script] = &[
    Script {
        name: "m000001_catalogue",
        up: include_str!("sql/000001_catalogue_up.sql"),
        down: include_str!("sql/000001_catalogue_down.sql"),
    },
    Script {
        name: "m000002_accounts",
        up: include_str!("sql/000002_accounts_up.sql"),
        down: include_str!("sql/000002_accounts_down.sql"),
    },
    Script {
        name: "m000003_reviews",
        up: include_str!("sql/000003_reviews_up.sql"),
        down: include_str!("sql/000003_reviews_down.sql"),
    },
    Script {
        name: "m000004_outcomes",
        up: include_str!("sql/000004_outcomes_up.sql"),
        down: include_str!("sql/000004_outcomes_down.sql"),
    },
    Script {
        name: "m000005_indexes",
        up: include_str!("sql/000005_indexes_up.sql"),
        down: include_str!("sql/000005_indexes_down.sql"),
    },
    Script {
        name: "m000007_identity",
        up: include_str!("sql/000007_identity_up.sql"),
        down: include_str!("sql/000007_identity_down.sql"),
    },
    Script {
        name: "m000008_partnerships",
        up: include_str!("sql/000008_partnerships_up.sql"),
        down: include_str!("sql/000008_partnerships_down.sql"),
    },
    Script {
        name: "m000009_names",
        up: include_str!("sql/000009_names_up.sql"),
        down: include_str!("sql/000009_names_down.sql"),
    },
    Script {
        name: "m000010_operations",
        up: include_str!("sql/000010_operations_up.sql"),
        down: include_str!("sql/000010_operations_down.sql"),
    },
    Script {
        name: "m000011_class_size",
        up: include_str!("sql/000011_class_size_up.sql"),
        down: include_str!("sql/000011_class_size_down.sql"),
    },
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
