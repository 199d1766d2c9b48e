//! The migrations of Lectern's database, oldest first. One that has landed is never edited: a change is a new
//! migration. Each runs in a transaction, up and down, on SQLite and on PostgreSQL.

mod dialect;
mod m000001_catalogue;

use sea_orm_migration::{MigrationTrait, async_trait};
pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

/// The tables that a database of this version has.
pub fn tables() -> impl Iterator<Item = &'static str> {
    let statements = m000001_catalogue::UP.lines();
    statements.filter_map(|line| line.strip_prefix("create table ")?.split_whitespace().next())
}

/// Runs the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m000001_catalogue::Migration)]
    }
}
