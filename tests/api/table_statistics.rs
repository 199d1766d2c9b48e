//! The statistics by which the database chooses its indexes: they exist after every large write and after a start.

use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{self, Connection, Row};

use crate::support::{App, Backend, Program, Stage};

/// The query that finds the reviews of courses.
const REVIEWS: &str = "explain query plan select id from review
    where course_id in (select value from json_each('[1]')) and status = 'PUBLISHED' order by created_at desc, id desc limit 20";

/// The number of tables that have statistics.
const TABLES: &str = "select count(distinct tbl) from sqlite_stat1 where tbl in ('review', 'course', 'offering')";

/// Fills the catalogue of a stage with many rows.
fn fill(stage: &Stage) {
    let made = Program::on(stage).run("demo --courses 300 --reviews 5000");
    assert_eq!(made.code, Some(0), "{}", made.error);
}

async fn tables(db: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar(TABLES).fetch_one(db).await.unwrap()
}

/// Asserts that the reviews of a course are found by an index that begins with the course.
async fn assert_found_by_course(url: &str) {
    let mut db = SqliteConnection::connect(url).await.unwrap();
    let plan = sqlx::query(REVIEWS).fetch_all(&mut db).await.unwrap();
    let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
    assert!(plan.iter().any(|step| step.contains("review") && step.contains("(course_id=?")), "{plan:#?}");
    db.close().await.unwrap();
}

#[test]
fn sqlite_finds_the_reviews_of_a_course_by_its_index_with_statistics_and_without() {
    Stage::run(Backend::Sqlite, "seed = 'none'", async |stage: Stage| {
        fill(&stage);
        let mut db = SqliteConnection::connect(&stage.database.url).await.unwrap();
        assert_eq!(tables(&mut db).await, 3);
        assert_found_by_course(&stage.database.url).await;
        sqlx::query("delete from sqlite_stat1").execute(&mut db).await.unwrap();
        assert_found_by_course(&stage.database.url).await;
        db.close().await.unwrap();
    });
}

#[test]
fn a_start_brings_the_statistics_of_sqlite_up() {
    Stage::run(Backend::Sqlite, "seed = 'none'", async |stage: Stage| {
        fill(&stage);
        let mut db = SqliteConnection::connect(&stage.database.url).await.unwrap();
        sqlx::query("delete from sqlite_stat1").execute(&mut db).await.unwrap();
        assert_eq!(tables(&mut db).await, 0);
        stage.serve(async |_: App| assert_eq!(tables(&mut db).await, 3)).await;
        db.close().await.unwrap();
    });
}

#[test]
fn postgres_knows_how_many_rows_a_command_has_written() {
    Stage::run(Backend::Postgres, "seed = 'none'", async |stage: Stage| {
        fill(&stage);
        let mut db = PgConnection::connect(&stage.database.url).await.unwrap();
        let rows = "select reltuples::bigint from pg_class where relname = 'review'";
        assert_eq!(sqlx::query_scalar::<_, i64>(rows).fetch_one(&mut db).await.unwrap(), 5_000);
        db.close().await.unwrap();
    });
}
