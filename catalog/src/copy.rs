//! Copies a whole catalogue into an empty database, between SQLite and PostgreSQL in either direction: every row of
//! every table, unchanged. Does not belong here: the meaning of the rows. Using the entities rather than database dumps
//! makes the two databases interchangeable: each reads and writes every column as the application does.

mod source_database;

use entity::*;
use futures_util::StreamExt;
use sea_orm::sea_query::{Alias, Asterisk, Expr, Func, LockType, Query};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityName, EntityTrait, QuerySelect,
};

use crate::error::{AppError, Result};
use crate::write::{Insertable, begin, insert, save};

pub use source_database::open;

/// Number of rows in memory at a time. Some rows are 100 KB.
const ROWS_PER_BATCH: usize = 500;

/// Tables to copy: all except the responses stored for `Idempotency-Key`, which are valid for a day at most.
fn tables() -> impl Iterator<Item = &'static str> {
    migration::tables().filter(|table| *table != idempotency::Entity.table_name())
}

/// Report of a copy.
#[derive(Clone, Copy, Debug)]
pub struct CopyReport {
    /// Number of tables.
    pub tables: usize,
    /// Number of rows in all tables.
    pub rows: u64,
    /// Log position of the catalogue.
    pub position: i64,
}

/// Copies everything from one database into another, which must be empty, and reports progress in rows from time to
/// time.
///
/// It reads one snapshot and writes one transaction: an interruption leaves an empty database, never something that
/// looks like a catalogue.
pub async fn copy(
    from: &DatabaseConnection,
    to: &DatabaseConnection,
    mut progress: impl FnMut(u64, u64),
) -> Result<CopyReport> {
    let source = source_database::snapshot(from).await?;
    let target = begin(to).await?;
    disable_timeout(&target).await?;
    check_empty(&target).await?;
    let mut there = Vec::new();
    for table in tables() {
        there.push((table, count(&source, table).await?));
    }
    let total = there.iter().map(|(_, rows)| rows).sum();
    let mut done = 0;
    let mut report = |rows| {
        done += rows;
        progress(done, total);
    };
    for (table, rows) in &there {
        copy_table(table, &source, &target, &mut report).await?;
        let arrived = count(&target, table).await?;
        if arrived != *rows {
            return Err(AppError::internal(format!("{arrived} of {rows} rows of {table} arrived; nothing is kept")));
        }
    }
    let position = crate::changelog::head(&target).await?.position;
    target.commit().await?;
    source.rollback().await?;
    Ok(CopyReport { tables: there.len(), rows: total, position })
}

/// Locks the row that counts positions, so that nobody else starts a catalogue meanwhile, and checks that the database
/// is empty.
async fn check_empty(target: &DatabaseTransaction) -> Result<()> {
    catalogue::Entity::find().lock(LockType::Update).one(target).await?;
    for table in tables().filter(|table| *table != catalogue::Entity.table_name()) {
        if count(target, table).await? > 0 {
            let rule = format!("must be empty to be copied into; it holds rows ({table}), and nothing was changed");
            return Err(AppError::input("database_url", rule));
        }
    }
    Ok(())
}

async fn count(db: &DatabaseTransaction, table: &str) -> Result<u64> {
    let query = Query::select().expr(Func::count(Expr::col(Asterisk))).from(Alias::new(table)).take();
    let row = db.query_one(&query).await?.ok_or_else(|| AppError::internal("a count without a row"))?;
    let rows: i64 = row.try_get_by_index(0)?;
    u64::try_from(rows).map_err(AppError::internal)
}

/// Lifts PostgreSQL's statement timeout, because one statement reads a whole table.
async fn disable_timeout(db: &DatabaseTransaction) -> Result<()> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("set local statement_timeout = 0").await?;
    }
    Ok(())
}

/// Copies the table of the entity with this name.
macro_rules! by_name {
    ($table:ident, $copy:ident, $arguments:tt; $($module:ident)+) => {
        match $table {
            $(name if name == $module::Entity.table_name() => $copy::<$module::Entity>$arguments.await,)+
            _ => Err(AppError::internal(format!("it is not known how to copy {}", $table))),
        }
    };
}

async fn copy_table(
    table: &str,
    source: &DatabaseTransaction,
    target: &DatabaseTransaction,
    report: &mut dyn FnMut(u64),
) -> Result<()> {
    if table == catalogue::Entity.table_name() {
        // Every database already has its one row. The copied row replaces it.
        return save::<catalogue::Entity>(target, catalogue::Entity::find().all(source).await?).await;
    }
    by_name!(table, copy_rows, (source, target, report);
        account award career career_level career_level_title career_related career_skill career_slug certification
        certification_career certification_skill certification_slug change citation course course_career
        course_certification course_partner course_prerequisite_course course_prerequisite_skill course_rating
        course_skill course_slug course_subject course_unit enrolment_check financing_plan identity identity_tombstone
        invitation letter_limit limited_action mail_token membership offering outcome_employment outcome_report
        outcome_salary_band partnership provider provider_licence provider_location provider_mapping
        provider_name_request provider_rating provider_slug refresh_token review review_link review_moderation review_reply
        review_report review_vote service_token session signing_key skill skill_alias source statistic subject
    )
}

async fn copy_rows<E: Insertable>(
    source: &DatabaseTransaction,
    target: &DatabaseTransaction,
    report: &mut dyn FnMut(u64),
) -> Result<()> {
    let mut batches = E::find().stream(source).await?.chunks(ROWS_PER_BATCH);
    while let Some(batch) = batches.next().await {
        let rows: Vec<E::Model> = batch.into_iter().collect::<Result<_, _>>()?;
        let count = rows.len() as u64;
        insert::<E>(target, rows).await?;
        report(count);
    }
    Ok(())
}
