//! The log's follower, one a process: reads changes in order, brings everything derived up to them, and publishes the
//! result. It can be stopped at any moment: the index holds the position it has reached.

use std::sync::Arc;
use std::time::Duration;

use entity::{ListingType, catalogue, change};
use sea_orm::{ColumnTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::dictionary::{self, Dictionary, Kinds};
use crate::error::{AppError, Result};
use crate::live::{Live, Snapshot};
use crate::search::Index;

/// Changes that are applied together.
const BATCH: u64 = 1_000;
/// How long the follower sleeps where nothing wakes it.
const POLL: Duration = Duration::from_millis(250);
/// How long it waits after a failure, e.g. while the database is away.
const RETRY: Duration = Duration::from_secs(1);

/// The follower and what it has brought up so far.
pub struct Follower {
    db: DatabaseConnection,
    live: Arc<Live>,
    index: Index,
    dictionary: Arc<Dictionary>,
    position: i64,
}

/// Follows the log until the task is dropped. Opens the index first, and builds it where it is missing, damaged, of
/// another version, or of another catalogue.
pub async fn follow(db: DatabaseConnection, live: Arc<Live>, folder: std::path::PathBuf) {
    let mut waker = Waker::new(&db).await;
    let mut follower = loop {
        match Follower::start(&db, &live, &folder).await {
            Ok(follower) => break follower,
            Err(error) => failed("the search index cannot be opened", &error).await,
        }
    };
    loop {
        match follower.step().await {
            Ok(0) => waker.sleep().await,
            Ok(_) => {}
            Err(error) => failed("the change log cannot be followed", &error).await,
        }
    }
}

async fn failed(what: &str, error: &AppError) {
    tracing::error!(cause = error.cause(), "{what}");
    tokio::time::sleep(RETRY).await;
}

impl Follower {
    async fn start(db: &DatabaseConnection, live: &Arc<Live>, folder: &std::path::Path) -> Result<Self> {
        let head = catalogue::Entity::find().one(db).await?;
        let head = head.ok_or_else(|| AppError::internal("the catalogue has no row"))?;
        let dictionary = Arc::new(dictionary::load(db, &Dictionary::default(), Kinds::ALL).await?);
        let index = Index::open(folder, &head.uid)?;
        let (index, position) = match index.position() {
            Some(position) if position <= head.position => (index, position),
            _ => (index.rebuild(db, &dictionary, head.position).await?, head.position),
        };
        let follower = Self { db: db.clone(), live: live.clone(), index, dictionary, position };
        follower.publish()?;
        Ok(follower)
    }

    /// Applies the next batch and says how many changes it held.
    async fn step(&mut self) -> Result<usize> {
        use change::Column::Position;
        let changes = change::Entity::find().filter(Position.gt(self.position)).order_by_asc(Position).limit(BATCH);
        let changes = changes.all(&self.db).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let stale = kinds(&changes);
        if stale != Kinds::default() {
            self.dictionary = Arc::new(dictionary::load(&self.db, &self.dictionary, stale).await?);
        }
        self.index.apply(&self.db, &self.dictionary, &changes).await?;
        self.position = last.position;
        self.publish()?;
        Ok(changes.len())
    }

    fn publish(&self) -> Result<()> {
        let search = self.index.reader()?;
        self.live.publish(Snapshot { position: self.position, dictionary: self.dictionary.clone(), search });
        Ok(())
    }
}

fn kinds(changes: &[change::Model]) -> Kinds {
    let any = |kind: ListingType| changes.iter().any(|change| change.listing_type == kind);
    Kinds {
        providers: any(ListingType::Provider),
        certifications: any(ListingType::Certification),
        careers: any(ListingType::Career),
        taxonomy: any(ListingType::Taxonomy),
    }
}

/// Wakes the follower: PostgreSQL says when something was appended, and a poll is the fallback everywhere.
struct Waker {
    listener: Option<sea_orm::sqlx::postgres::PgListener>,
}

impl Waker {
    async fn new(db: &DatabaseConnection) -> Self {
        if db.get_database_backend() != DbBackend::Postgres {
            return Self { listener: None };
        }
        let listener = sea_orm::sqlx::postgres::PgListener::connect_with(db.get_postgres_connection_pool()).await;
        let Ok(mut listener) = listener else { return Self { listener: None } };
        let heard = listener.listen("lectern_changes").await;
        Self { listener: heard.is_ok().then_some(listener) }
    }

    async fn sleep(&mut self) {
        match &mut self.listener {
            Some(listener) => drop(tokio::time::timeout(POLL, listener.recv()).await),
            None => tokio::time::sleep(POLL).await,
        }
    }
}
