//! Imports reviews and outcome reports from other sites, for staff and operators. Does not belong here: the rules of
//! the records.

use futures_util::Stream;
use futures_util::future::try_join;

use super::keys::SeenKeys;
use super::reader::FeedReader;
use super::{Faults, ImportReport, ROWS_PER_TRANSACTION, RowReport};
use crate::auth::{Caller, Mutation, permit, refresh_caller};
use crate::changelog;
use crate::course::write::ImportRow;
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::imported::{self, ImportSource};
use crate::input::{Fields, ValidationError};
use crate::outcome;
use crate::review;
use crate::write::{Writer, as_writer};

/// Kind of records that staff import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Reviews.
    Reviews,
    /// Outcome reports.
    Outcomes,
}

impl RecordKind {
    /// Whether records of the kind have a field, with a dot inside objects.
    pub fn is_field(self) -> fn(&str) -> bool {
        match self {
            RecordKind::Reviews => |name| RecordKind::Reviews.has_field(name),
            RecordKind::Outcomes => |name| RecordKind::Outcomes.has_field(name),
        }
    }

    pub(super) fn has_field(self, name: &str) -> bool {
        let is_within =
            |field: &String| field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.fields().iter().any(is_within)
    }

    /// Fields of a record, with a dot inside objects.
    pub(super) fn fields(self) -> Vec<String> {
        let own = match self {
            RecordKind::Reviews => review::service::import_fields(),
            RecordKind::Outcomes => outcome::import::fields(),
        };
        imported::FIELDS.into_iter().map(str::to_owned).chain(own).collect()
    }

    /// Errors of a record, as far as they do not depend on the time or on what is stored.
    pub(super) fn errors(self, fields: &Fields) -> Vec<ValidationError> {
        let (own, content) = imported::errors(fields);
        let errors = match self {
            RecordKind::Reviews => review::service::import_errors(&content),
            RecordKind::Outcomes => outcome::import::errors(&content),
        };
        own.into_iter().chain(errors).collect()
    }
}

/// Fails unless the caller may import records. Staff decide on reviews, and so on whose reviews are shown.
pub fn authorize(caller: &Caller) -> Result<()> {
    permit(caller, Mutation::ModerateReview, None)
}

/// Writes all records, as [`import`](super::import) does with courses. Without a caller, it is the operator of the
/// server; the rights of a caller are checked in every transaction.
pub async fn import_records<B: AsRef<[u8]>>(
    database: &Database,
    writer: &Writer,
    (kind, source, caller): (RecordKind, &ImportSource, Option<&Caller>),
    mut reader: FeedReader<impl Stream<Item = Result<B, ValidationError>> + Unpin>,
    mut send: impl AsyncFnMut(Vec<RowReport>) -> Result<()>,
) -> Result<ImportReport> {
    let mut keys = SeenKeys::default();
    let faults = Faults::new(reader.mapping().is_some());
    let mut report = ImportReport { dry_run: writer.dry_run, faults, ..ImportReport::default() };
    let mut batch = reader.take(ROWS_PER_TRANSACTION).await?;
    while !batch.is_empty() {
        let write = async {
            let (lines, mut rows): (Vec<u64>, Vec<ImportRow>) =
                batch.into_iter().map(|record| (record.line, record.row)).unzip();
            rows.iter_mut().for_each(|row| keys.check(row));
            let slot = database.batches.acquire().await.map_err(AppError::internal)?;
            let written = as_writer(&database.write, writer, async |tx| {
                if let Some(caller) = caller {
                    authorize(&refresh_caller(&*tx, caller, 0).await?)?;
                }
                match kind {
                    RecordKind::Reviews => review::service::import(&tx, writer, source, &rows).await,
                    RecordKind::Outcomes => outcome::import::import(&tx, writer, source, &rows).await,
                }
            });
            let (results, position) = written.await?;
            drop(slot);
            let done = lines.into_iter().zip(&rows).zip(results).map(|((line, row), mut result)| {
                let earlier_line = keys.note(line, row, &mut result);
                RowReport::new(line, row, result, earlier_line)
            });
            let mut done: Vec<RowReport> = done.collect();
            report.add(&mut done);
            report.position = position.or(report.position);
            send(done).await
        };
        (batch, ()) = try_join(reader.take(ROWS_PER_TRANSACTION), write).await?;
    }
    report.broken = reader.is_broken();
    if report.position.is_none() {
        report.position = Some(changelog::head(&database.write).await?.position);
    }
    Ok(report)
}
