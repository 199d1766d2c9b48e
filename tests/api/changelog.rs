//! The change log: a reader that asks for positions greater than the last one it has seen never sees a change skipped,
//! repeated or out of order.

use catalog::changelog::{after, append};
use entity::ListingType;
use sea_orm::sqlx::{self, Connection, PgConnection, Row};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use crate::support::{App, Backend, Catalogue, Stage, entry, now};

/// Reads on from the last position seen, as every follower does.
async fn read_on(db: &DatabaseConnection, seen: &mut Vec<i64>) {
    let last = seen.last().copied().unwrap_or(0);
    let changes = after(db, last, 1_000).await.unwrap_or_else(|error| panic!("{}", error.cause()));
    seen.extend(changes.iter().map(|change| change.position));
}

/// Appends some changes in one transaction, which is rolled back if `kept` is false.
async fn write(db: &DatabaseConnection, count: i64, kept: bool) {
    let tx = db.begin().await.unwrap();
    let entries = (0..count).map(|id| entry(ListingType::Career, id)).collect();
    append(&tx, now(), entries).await.unwrap_or_else(|error| panic!("{}", error.cause()));
    // Lets other tasks run between append and commit.
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
    if kept { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
}

on_both! {
    #![empty]

    async fn concurrent_writers_leave_every_change_exactly_once_and_in_order(app: App) {
        const WRITERS: i64 = 8;
        const TRANSACTIONS: i64 = 20;
        let db = Catalogue::of(&app).await.db;
        let writers = (0..WRITERS).map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                for turn in 0..TRANSACTIONS {
                    write(&db, 1 + (writer + turn) % 3, turn % 5 != 4).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut seen = Vec::new();
        while !writers.iter().all(|writer| writer.is_finished()) {
            read_on(&db, &mut seen).await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        read_on(&db, &mut seen).await;
        let kept = |writer: i64| (0..TRANSACTIONS).filter(|turn| turn % 5 != 4).map(move |turn| 1 + (writer + turn) % 3);
        let written: i64 = (0..WRITERS).flat_map(kept).sum();
        assert_eq!(seen, (1..=written).collect::<Vec<_>>());
        app.reached(written).await;
    }

    async fn a_transaction_that_is_given_up_leaves_no_gap(app: App) {
        let db = Catalogue::of(&app).await.db;
        write(&db, 2, true).await;
        write(&db, 3, false).await;
        let dropped = db.begin().await.unwrap();
        append(&dropped, now(), vec![entry(ListingType::Career, 1)]).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        drop(dropped);
        write(&db, 1, true).await;
        let mut seen = Vec::new();
        read_on(&db, &mut seen).await;
        assert_eq!(seen, [1, 2, 3]);
    }
}

#[test]
fn a_session_that_is_killed_between_append_and_commit_leaves_no_gap() {
    App::run(Backend::Postgres, "seed = 'none'", |app: App| async move {
        let db = Catalogue::of(&app).await.db;
        let killed = db.begin().await.unwrap();
        append(&killed, now(), vec![entry(ListingType::Career, 1)])
            .await
            .unwrap_or_else(|error| panic!("{}", error.cause()));
        let mut killer = PgConnection::connect(&app.database_url).await.unwrap();
        let kill = "select pg_terminate_backend(pid, 10000) from pg_stat_activity
                    where datname = current_database() and state = 'idle in transaction'";
        let killed_sessions = sqlx::query(kill).fetch_all(&mut killer).await.unwrap();
        assert_eq!(killed_sessions.len(), 1);
        assert!(killed.commit().await.is_err());
        write(&Catalogue::of(&app).await.db, 1, true).await;
        let mut seen = Vec::new();
        read_on(&Catalogue::of(&app).await.db, &mut seen).await;
        assert_eq!(seen, [1]);
    });
}

/// Two sessions that write to one database, and one that reads.
async fn three_sessions(url: &str) -> [PgConnection; 3] {
    [
        PgConnection::connect(url).await.unwrap(),
        PgConnection::connect(url).await.unwrap(),
        PgConnection::connect(url).await.unwrap(),
    ]
}

/// The control: a log that takes its positions from a sequence does lose a change with this interleaving, so the next
/// test proves something.
#[test]
fn a_sequence_loses_a_change_that_is_committed_after_a_later_one() {
    Stage::run(Backend::Postgres, "seed = 'none'", |stage: Stage| async move {
        let [mut slow, mut quick, mut reader] = three_sessions(&stage.database.url).await;
        sqlx::query("create table naive (position bigserial primary key)").execute(&mut reader).await.unwrap();
        let insert = "insert into naive default values";
        let mut open = slow.begin().await.unwrap();
        sqlx::query(insert).execute(&mut *open).await.unwrap();
        sqlx::query(insert).execute(&mut quick).await.unwrap();
        let mut seen = Vec::new();
        read_naively(&mut reader, &mut seen).await;
        open.commit().await.unwrap();
        read_naively(&mut reader, &mut seen).await;
        assert_eq!(seen, [2], "position 1 was committed and is never read");
    });
}

async fn read_naively(reader: &mut PgConnection, seen: &mut Vec<i64>) {
    let last = seen.last().copied().unwrap_or(0);
    let rows = sqlx::query("select position from naive where position > $1 order by position").bind(last);
    seen.extend(rows.fetch_all(reader).await.unwrap().iter().map(|row| row.get::<i64, _>(0)));
}

#[test]
fn the_log_lets_no_later_position_be_committed_before_an_earlier_one() {
    App::run(Backend::Postgres, "seed = 'none'", |app: App| async move {
        let db = Catalogue::of(&app).await.db;
        let one = || vec![entry(ListingType::Career, 1)];
        let slow = db.begin().await.unwrap();
        append(&slow, now(), one()).await.unwrap_or_else(|error| panic!("{}", error.cause()));
        let quick = db.begin().await.unwrap();
        // The lock is held while `slow` is open, so this fails however long it waits.
        quick.execute_unprepared("set local lock_timeout = '1ms'").await.unwrap();
        assert!(append(&quick, now(), one()).await.is_err(), "a second position is handed out beside an open one");
        quick.rollback().await.unwrap();
        let mut seen = Vec::new();
        read_on(&db, &mut seen).await;
        slow.commit().await.unwrap();
        write(&db, 1, true).await;
        read_on(&db, &mut seen).await;
        assert_eq!(seen, [1, 2]);
    });
}
