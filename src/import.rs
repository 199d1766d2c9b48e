//! Bringing in the courses of a provider from a feed, a file or what comes over the network: JSON Lines, CSV in our own
//! form, or anybody's CSV through a mapping. The feed is read as a stream and written in transactions of `ROWS` rows,
//! so that memory does not grow with it: what is kept for the whole of it is one number for each key. What must not go
//! in: the rules of a course (`course::write` has them), the command line, and HTTP.

mod cell;
mod json;
mod keys;
mod mapping;
mod names;
mod reader;
mod retire;
mod split;

use entity::provider_slug;
use futures_util::Stream;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::keys::Keys;
pub use self::mapping::Mapping;
use self::names::Names;
pub use self::reader::{Format, Reader, Record, file};
use crate::auth::Caller;
use crate::changelog;
use crate::course::write::{Job, Outcome, Row, Written, upsert};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::form::Fault;
use crate::provider::service::held;
use crate::values::is_slug;
use crate::write::{Writer, as_writer, in_transaction};

/// Rows of one transaction: enough that the commits do not count, few enough that nobody waits long for its locks.
const ROWS: usize = 500;

/// How a feed is to be brought in.
#[derive(Clone, Debug)]
pub struct Options {
    /// The provider whose courses they are.
    pub provider: i64,
    /// Whether new courses are published.
    pub publish: bool,
    /// Whether partners that do not exist are made.
    pub create_partners: bool,
    /// Where the feed holds all that there is: what it does not hold is retired, this share of the provider's
    /// published courses at most.
    pub retire_at_most: Option<f64>,
    /// Who sends the feed; `None` where it is whoever runs the server. Rights are looked at in every transaction: a feed
    /// may take longer than somebody has them.
    pub caller: Option<Caller>,
}

/// The share of a provider's published courses that a feed may retire where nobody says another.
pub const RETIRE_AT_MOST: f64 = 0.2;

/// A share as it is written: a number from 0 to 1.
pub fn share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
}

/// What has become of one row.
pub struct Done {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// The provider's own key, where it says one.
    pub key: Option<String>,
    /// What has become of it.
    pub outcome: Outcome,
}

/// What has become of a feed.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// New courses.
    pub created: u64,
    /// Courses that have changed.
    pub updated: u64,
    /// Rows that say what was there already.
    pub unchanged: u64,
    /// Rows that were not written.
    pub refused: u64,
    /// Courses that the feed no longer holds.
    pub retired: u64,
    /// Why nothing was retired though it was asked for.
    pub kept: Option<Fault>,
    /// Whether the feed broke off before its end.
    pub broken: bool,
    /// The position of the log that the last change got; where nothing has changed, the one that the log has got to.
    pub position: Option<i64>,
}

impl Totals {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.refused
    }

    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Created(_) => self.created += 1,
            Outcome::Updated(_) => self.updated += 1,
            Outcome::Unchanged(_) => self.unchanged += 1,
            Outcome::Refused(_) => self.refused += 1,
        }
    }
}

/// The provider that has this slug, or had it.
pub async fn provider(db: &impl ConnectionTrait, slug: &str) -> Result<Option<i64>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    Ok(provider_slug::Entity::find_by_id(slug).one(db).await?.map(|row| row.provider_id))
}

/// One import at work.
struct Import<'a> {
    db: &'a DatabaseConnection,
    batches: &'a Semaphore,
    writer: &'a Writer,
    options: &'a Options,
    names: Names,
    keys: Keys,
    /// How many of the provider's courses were published before.
    published: u64,
}

/// Writes all records; `report` is told of the rows of each transaction as soon as it is committed, and ends the import
/// where it fails.
///
/// A dry run checks transaction by transaction as well, and rolls each back: were it one to its end, a slow feed would
/// keep everybody else from writing. Hence it does not see that a row names what only an earlier transaction would
/// have made.
pub async fn import<B: AsRef<[u8]>>(
    database: &Database,
    writer: &Writer,
    options: &Options,
    mut reader: Reader<impl Stream<Item = Result<B, Fault>> + Unpin>,
    mut report: impl AsyncFnMut(Vec<Done>) -> Result<()>,
) -> Result<Totals> {
    let (db, batches) = (&database.write, &*database.batches);
    let names = Names::load(db, reader.mapping()).await?;
    let published = retire::published(options.provider).count(db).await?;
    let mut import = Import { db, batches, writer, options, names, keys: Keys::default(), published };
    let mut totals = Totals::default();
    loop {
        let batch = reader.take(ROWS).await;
        if batch.is_empty() {
            break;
        }
        let (done, position) = import.batch(batch).await?;
        done.iter().for_each(|row| totals.count(&row.outcome));
        totals.position = position.or(totals.position);
        report(done).await?;
    }
    totals.broken = reader.is_broken();
    if let Some(at_most) = options.retire_at_most.filter(|_| !totals.broken) {
        totals = retire::missing(&import, at_most, totals).await?;
    }
    if totals.position.is_none() {
        totals.position = Some(changelog::head(db).await?.position);
    }
    Ok(totals)
}

impl<'a> Import<'a> {
    fn job(&self) -> Job<'a> {
        let (writer, provider) = (self.writer, self.options.provider);
        // A command runs for the operators.
        let agrees = self.options.caller.as_ref().is_none_or(Caller::is_staff);
        Job { writer, provider, publish_new: self.options.publish, all_or_none: false, agrees }
    }

    /// Waits for a place among those who write much, all feeds of the process included: one connection for writing is
    /// left to everybody else.
    async fn turn(&self) -> Result<SemaphorePermit<'a>> {
        self.batches.acquire().await.map_err(AppError::internal)
    }

    /// Lets only those pass who may write at this moment.
    async fn permit(&self, db: &DatabaseTransaction) -> Result<()> {
        match &self.options.caller {
            Some(Caller::System(system)) if system.until <= self.writer.now() => Err(AppError::Unauthenticated),
            Some(caller) => held(db, caller, "importCourses", self.options.provider).await.map(drop),
            None => Ok(()),
        }
    }

    async fn batch(&mut self, records: Vec<Record>) -> Result<(Vec<Done>, Option<i64>)> {
        let (lines, mut rows): (Vec<u64>, Vec<Row>) =
            records.into_iter().map(|record| (record.line, record.row)).unzip();
        rows.iter_mut().for_each(|row| self.keys.check(row));
        let turn = self.turn().await?;
        let written = self.write(&mut rows).await?;
        drop(turn);
        for (row, outcome) in rows.iter().zip(&written.outcomes) {
            self.keys.note(row, outcome);
        }
        let done = lines.into_iter().zip(&rows).zip(written.outcomes);
        let done = done.map(|((line, row), outcome)| Done { line, key: keys::of(row), outcome });
        Ok((done.collect(), written.position))
    }

    /// What courses name is made in a transaction of its own: the log has one line of writers, and whoever stands in
    /// it must not wait for anything else. Where nothing is kept nobody waits, and the courses have to find it.
    async fn write(&mut self, rows: &mut [Row]) -> Result<Written> {
        let Self { db, writer, options, .. } = *self;
        let new = self.names.resolve(rows, options.create_partners);
        if !new.is_empty() && !writer.dry_run {
            in_transaction(db, async |transaction| new.write(&transaction, writer).await).await?;
        }
        let job = self.job();
        let written = as_writer(db, writer, async |transaction| {
            if writer.dry_run {
                new.write(&transaction, writer).await?;
            }
            self.permit(&transaction).await?;
            upsert(&transaction, &job, rows).await
        });
        let written = written.await?;
        if !writer.dry_run {
            self.names.add(new);
        }
        Ok(written)
    }
}
