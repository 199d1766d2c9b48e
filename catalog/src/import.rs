//! Imports the courses of a provider from a feed, a file or a network stream: JSON Lines, CSV in Lectern's own format,
//! or any CSV through a mapping. The feed is streamed and written in transactions of `ROWS_PER_TRANSACTION` rows, so
//! memory use does not grow with it: only one number per key is kept for the whole feed. Reviews and outcome reports
//! are imported in the same way. Does not belong here: the rules of a course (see `course::write`), the command line,
//! and HTTP.

mod encoding;
pub mod formula;
mod gather;
mod html;
mod json;
mod keys;
mod layout;
mod mapping;
mod names;
mod notes;
mod reader;
mod records;
mod retire;
mod split;

use entity::provider_slug;
use futures_util::Stream;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::keys::SeenKeys;
pub use self::layout::Layout;
pub use self::mapping::Mapping;
use self::names::NameIndex;
pub use self::notes::{FaultCount, Faults, HtmlNote};
pub use self::reader::{FeedReader, Format, Record, file};
pub use self::records::{RecordKind, authorize, import_records};
use crate::auth::{Caller, Mutation};
use crate::changelog;
use crate::course::write::{BatchResult, ImportRow, RowResult, WriteOptions, upsert};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::input::ValidationError;
use crate::provider::service::authorize_and_lock_provider;
use crate::values::is_slug;
use crate::write::{Writer, as_writer, in_transaction};

/// Rows per transaction: enough that the cost of commits is negligible, few enough that nobody waits long for the
/// locks.
const ROWS_PER_TRANSACTION: usize = 500;

/// Options of an import.
#[derive(Clone, Debug)]
pub struct Options {
    /// Row ID of the provider that owns the courses.
    pub provider: i64,
    /// Whether new courses are published.
    pub publish: bool,
    /// Whether missing partners are created.
    pub create_partners: bool,
    /// For a complete feed: retire published courses that the feed does not contain, up to this share of them.
    pub retire_at_most: Option<f64>,
    /// Who sends the feed; `None` for the operator of the server. Permissions are checked in every transaction, because
    /// they may be revoked while a feed runs.
    pub caller: Option<Caller>,
}

/// Default for the share of a provider's published courses that a feed may retire.
pub const DEFAULT_RETIRE_SHARE: f64 = 0.2;

/// Parses a share: a number from 0 to 1.
pub fn parse_share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
}

/// Result of one row.
pub struct RowReport {
    /// Line on which the row starts, counted from 1.
    pub line: u64,
    /// The provider's own key, if the row has one.
    pub key: Option<String>,
    /// What happened to the row.
    pub outcome: RowResult,
}

/// Result of a feed.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Number of courses created.
    pub created: u64,
    /// Number of courses updated.
    pub updated: u64,
    /// Number of rows that changed nothing.
    pub unchanged: u64,
    /// Number of rows rejected.
    pub refused: u64,
    /// Number of courses retired because the feed no longer contains them.
    pub retired: u64,
    /// Why nothing was retired although it was requested.
    pub retire_error: Option<ValidationError>,
    /// Whether the feed broke off before its end.
    pub broken: bool,
    /// Fields whose texts hold HTML and are taken as they stand, each with the number of rows and the first line.
    pub html: Vec<HtmlNote>,
    /// Position in the log of the last change, or the head of the log if nothing changed.
    pub position: Option<i64>,
}

impl Totals {
    /// Total number of rows.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.refused
    }

    fn count(&mut self, outcome: &RowResult) {
        match outcome {
            RowResult::Created(_) => self.created += 1,
            RowResult::Updated(_) => self.updated += 1,
            RowResult::Unchanged(_) => self.unchanged += 1,
            RowResult::Rejected(_) => self.refused += 1,
        }
    }
}

/// Row ID of the provider with this current or former slug.
pub async fn provider(db: &impl ConnectionTrait, slug: &str) -> Result<Option<i64>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    Ok(provider_slug::Entity::find_by_id(slug).one(db).await?.map(|row| row.provider_id))
}

/// State of a running import.
struct Import<'a> {
    db: &'a DatabaseConnection,
    batches: &'a Semaphore,
    writer: &'a Writer,
    options: &'a Options,
    names: NameIndex,
    keys: SeenKeys,
    /// Number of courses of the provider that were published before the import.
    published: u64,
}

/// Writes all records. `report` receives the rows of each transaction as soon as it is committed; an error from it ends
/// the import.
///
/// A dry run also checks transaction by transaction and rolls each one back: a single transaction for a slow feed would
/// block all other writers. As a consequence, a row cannot refer to something that an earlier transaction of the dry
/// run would have created.
pub async fn import<B: AsRef<[u8]>>(
    database: &Database,
    writer: &Writer,
    options: &Options,
    mut reader: FeedReader<impl Stream<Item = Result<B, ValidationError>> + Unpin>,
    mut report: impl AsyncFnMut(Vec<RowReport>) -> Result<()>,
) -> Result<Totals> {
    let (db, batches) = (&database.write, &*database.batches);
    let names = NameIndex::load(db, reader.mapping()).await?;
    let published = retire::published(options.provider).count(db).await?;
    let mut import = Import { db, batches, writer, options, names, keys: SeenKeys::default(), published };
    let mut totals = Totals::default();
    loop {
        let batch = reader.take(ROWS_PER_TRANSACTION).await;
        if batch.is_empty() {
            break;
        }
        notes::note_html(&mut totals.html, &batch);
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
    fn write_options(&self) -> WriteOptions<'a> {
        let (writer, provider) = (self.writer, self.options.provider);
        // A command runs for the operators.
        let agrees = self.options.caller.as_ref().is_none_or(Caller::is_staff);
        WriteOptions { writer, provider, publish_new: self.options.publish, all_or_none: false, agrees }
    }

    /// Waits for a permit to write a batch, shared by all feeds of the process: one write connection stays free for
    /// everyone else.
    async fn acquire_batch(&self) -> Result<SemaphorePermit<'a>> {
        self.batches.acquire().await.map_err(AppError::internal)
    }

    /// Fails if the sender may not write at this moment.
    async fn authorize(&self, db: &DatabaseTransaction) -> Result<()> {
        match &self.options.caller {
            Some(Caller::System(system)) if system.until <= self.writer.now() => Err(AppError::Unauthenticated),
            Some(caller) => {
                authorize_and_lock_provider(db, caller, Mutation::ImportCourses, self.options.provider).await.map(drop)
            }
            None => Ok(()),
        }
    }

    async fn batch(&mut self, records: Vec<Record>) -> Result<(Vec<RowReport>, Option<i64>)> {
        let (lines, mut rows): (Vec<u64>, Vec<ImportRow>) =
            records.into_iter().map(|record| (record.line, record.row)).unzip();
        rows.iter_mut().for_each(|row| self.keys.check(row));
        let permit = self.acquire_batch().await?;
        let written = self.write(&mut rows).await?;
        drop(permit);
        for (row, outcome) in rows.iter().zip(&written.results) {
            self.keys.note(row, outcome);
        }
        let done = lines.into_iter().zip(&rows).zip(written.results);
        let done = done.map(|((line, row), outcome)| RowReport { line, key: keys::of(row), outcome });
        Ok((done.collect(), written.position))
    }

    /// Missing names are created in a transaction of their own: writers queue for the log, and whoever holds it must
    /// not wait for anything else. A dry run commits nothing and blocks nobody, so it creates them in the transaction
    /// of the courses, which must find them.
    async fn write(&mut self, rows: &mut [ImportRow]) -> Result<BatchResult> {
        let Self { db, writer, options, .. } = *self;
        let new = self.names.resolve(rows, options.create_partners);
        if !new.is_empty() && !writer.dry_run {
            in_transaction(db, async |transaction| new.write(&transaction, writer).await).await?;
        }
        let write_options = self.write_options();
        let written = as_writer(db, writer, async |transaction| {
            if writer.dry_run {
                new.write(&transaction, writer).await?;
            }
            self.authorize(&transaction).await?;
            upsert(&transaction, &write_options, rows).await
        });
        let written = written.await?;
        if !writer.dry_run {
            self.names.add(new);
        }
        Ok(written)
    }
}
