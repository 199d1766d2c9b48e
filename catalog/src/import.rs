//! Imports the courses of a provider from a feed, a file or a network stream: JSON, CSV or a workbook in Lectern's own
//! format, or in any form through a mapping. The feed is streamed and written in transactions of `ROWS_PER_TRANSACTION`
//! rows, so memory use does not grow with it: only one number per key is kept for the whole feed. Reviews and outcome
//! reports are imported in the same way. Does not belong here: the rules of a course (see `course::write`), the command
//! line, and HTTP.

mod encoding;
pub mod formula;
mod gather;
mod html;
mod json;
pub mod kept_mapping;
mod keys;
mod layout;
mod mapping;
mod names;
mod notes;
mod number;
mod preset;
mod reader;
mod record_parser;
mod records;
mod report;
mod retire;
mod split;
mod workbook;

use entity::provider_slug;
use futures_util::Stream;
use futures_util::future::try_join;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::keys::SeenKeys;
pub use self::layout::Layout;
pub use self::mapping::Mapping;
use self::names::{NameCreation, NameIndex};
pub use self::notes::HtmlNote;
pub use self::preset::Preset;
pub use self::reader::{FeedReader, Format, Record, file};
pub use self::records::{RecordKind, authorize, import_records};
pub use self::report::{Changes, Fault, FaultKind, Faults, FieldChange, ImportReport, broken_off, errors_to_json};
use crate::auth::{Caller, Mutation};
use crate::changelog;
use crate::course::write::{BatchResult, DUPLICATE_KEY, ImportRow, RowResult, WriteOptions, upsert};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::input::ValidationError;
use crate::provider::service::authorize_and_lock_provider;
use crate::values::is_slug;
use crate::write::{Writer, as_writer, in_transaction};

/// Rows per transaction: enough that the cost of commits is negligible, few enough that nobody waits long for the
/// locks.
const ROWS_PER_TRANSACTION: usize = 500;

/// Number of new courses after which the statistics of the database are refreshed for the first time. By plans for the
/// small tables of the beginning, every later batch would read the large ones as a whole.
const FIRST_REFRESH: u64 = 1_000;
/// Growth of that number from one refresh to the next.
const REFRESH_FACTOR: u64 = 4;

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
    /// Why it was rejected.
    pub faults: Vec<Fault>,
    /// For a dry run, what it would change in an existing course.
    pub changes: Vec<FieldChange>,
}

impl RowReport {
    fn new(line: u64, row: &ImportRow, outcome: RowResult, earlier_line: Option<u64>) -> Self {
        let of_key = |error: &ValidationError| earlier_line.filter(|_| error.rule.starts_with(DUPLICATE_KEY));
        let faults = match &outcome {
            RowResult::Rejected(errors) => {
                errors.iter().map(|error| Fault::of(error, &row.fields, of_key(error))).collect()
            }
            RowResult::Created(_) | RowResult::Updated(_) | RowResult::Unchanged(_) => Vec::new(),
        };
        Self { line, key: keys::of(row), outcome, faults, changes: Vec::new() }
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

/// Writes all records. `send` receives the rows of each transaction as soon as it is committed; an error from it ends
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
    mut send: impl AsyncFnMut(Vec<RowReport>) -> Result<()>,
) -> Result<ImportReport> {
    let (db, batches) = (&database.write, &*database.batches);
    let names = NameIndex::load(db, reader.mapping()).await?;
    let published = retire::published(options.provider).count(db).await?;
    let mut import = Import { db, batches, writer, options, names, keys: SeenKeys::default(), published };
    let faults = Faults::new(reader.mapping().is_some());
    let mut report = ImportReport { dry_run: writer.dry_run, faults, ..ImportReport::default() };
    let mut refresh_at = FIRST_REFRESH;
    let mut batch = reader.take(ROWS_PER_TRANSACTION).await?;
    while !batch.is_empty() {
        notes::note_html(&mut report.html, &batch);
        let write = async {
            let (mut done, position) = import.batch(batch).await?;
            report.add(&mut done);
            report.position = position.or(report.position);
            if !writer.dry_run && report.created >= refresh_at {
                database.refresh_statistics().await;
                refresh_at = report.created * REFRESH_FACTOR;
            }
            send(done).await
        };
        // The next records are read while these are written.
        (batch, ()) = try_join(reader.take(ROWS_PER_TRANSACTION), write).await?;
    }
    report.broken = reader.is_broken();
    if let Some(at_most) = options.retire_at_most.filter(|_| !report.broken) {
        report = retire::missing(&import, at_most, report).await?;
    }
    if report.position.is_none() {
        report.position = Some(changelog::head(db).await?.position);
    }
    Ok(report)
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
        let mut written = self.write(&mut rows).await?;
        drop(permit);
        let outcomes = std::mem::take(&mut written.results);
        let done = lines.into_iter().zip(&rows).zip(outcomes).map(|((line, row), mut outcome)| {
            let earlier_line = self.keys.note(line, row, &mut outcome);
            let mut report = RowReport::new(line, row, outcome, earlier_line);
            if let RowResult::Updated(id) = &report.outcome {
                report.changes = written.changes.get(id).map(FieldChange::all).unwrap_or_default();
            }
            report
        });
        Ok((done.collect(), written.position))
    }

    /// Missing names are created in a transaction of their own: writers queue for the log, and whoever holds it must
    /// not wait for anything else. A dry run commits nothing and blocks nobody, so it creates them in the transaction
    /// of the courses, which must find them.
    async fn write(&mut self, rows: &mut [ImportRow]) -> Result<BatchResult> {
        let Self { db, writer, options, .. } = *self;
        // The vocabulary belongs to the operators.
        let creation = NameCreation { partners: options.create_partners, others: options.caller.is_none() };
        let new = self.names.resolve(rows, creation);
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
