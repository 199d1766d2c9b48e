//! The catalogue: providers, courses, certifications, careers, skills, statistics, sources, slugs, the change log.

use sea_orm_migration::prelude::*;

use crate::dialect::write_for;

pub(crate) const UP: &str = include_str!("sql/000001_catalogue_up.sql");
const DOWN: &str = include_str!("sql/000001_catalogue_down.sql");

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = write_for(manager.get_database_backend(), UP);
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await.map(|_| ())
    }
}
