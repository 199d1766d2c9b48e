//! Bringing in the courses of a provider from a file: JSON Lines, CSV in our own form, or anybody's CSV through a
//! mapping. The file is read as a stream and written in transactions of `ROWS` rows, so that memory does not grow with
//! it: what is kept for the whole of it is one number for each key. What must not go in: the rules of a course
//! (`course::write` has them), and the command line.

mod cell;
mod limit;
mod mapping;
mod names;
mod reader;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use entity::provider_slug;
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait};

pub use self::mapping::Mapping;
use self::names::Names;
pub use self::reader::{Format, Reader, Record};
use crate::course::write::{Job, Outcome, Row, upsert};
use crate::error::{AppError, Result};
use crate::form::{Fault, FaultCode};
use crate::write::{Writer, begin, in_transaction};

/// Rows of one transaction: enough that the commits do not count, few enough that nobody waits long for its locks.
const ROWS: usize = 500;

/// How a file is to be brought in.
#[derive(Clone, Debug)]
pub struct Options {
    /// The slug of the provider whose courses they are.
    pub provider: String,
    /// Whether new courses are published.
    pub publish: bool,
    /// Whether partners that do not exist are made.
    pub create_partners: bool,
}

/// What has become of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// New courses.
    pub created: u64,
    /// Courses that have changed.
    pub updated: u64,
    /// Rows that say what was there already.
    pub unchanged: u64,
    /// Rows that were not written.
    pub refused: u64,
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

/// One import at work.
struct Import<'a> {
    writer: &'a Writer,
    provider: i64,
    options: &'a Options,
    names: Names,
    /// The keys that were taken so far, as 64-bit fingerprints: a second row with the same key is refused, since the
    /// two would undo each other with every run.
    keys: HashSet<u64>,
}

/// Writes all records; `refused` is told of each row that is not accepted, as soon as it is known.
pub async fn import(
    db: &DatabaseConnection,
    writer: &Writer,
    options: &Options,
    mut reader: Reader,
    mut refused: impl FnMut(u64, &[Fault]),
) -> Result<Totals> {
    let provider = provider_slug::Entity::find_by_id(options.provider.as_str()).one(db).await?;
    let provider = provider.ok_or_else(|| {
        let rule = "there is no such provider; `lectern import --taxonomy` puts one in";
        AppError::input(format!("--provider {}", options.provider), rule)
    })?;
    let names = Names::load(db, reader.mapping()).await?;
    let mut import = Import { writer, provider: provider.provider_id, options, names, keys: HashSet::new() };
    // A dry run is one transaction to its end: later rows have to see what earlier ones would have written.
    let dry_run = if writer.dry_run { Some(begin(db).await?) } else { None };
    let mut totals = Totals::default();
    loop {
        let batch: Vec<Record> = reader.take(ROWS).collect();
        if batch.is_empty() {
            break;
        }
        let outcomes = import.batch(db, dry_run.as_ref(), &batch).await?;
        for (record, outcome) in batch.iter().zip(&outcomes) {
            totals.count(outcome);
            if let Outcome::Refused(faults) = outcome {
                refused(record.line, faults);
            }
        }
    }
    if let Some(transaction) = dry_run {
        transaction.rollback().await?;
    }
    Ok(totals)
}

impl Import<'_> {
    async fn batch(
        &mut self,
        db: &DatabaseConnection,
        dry_run: Option<&DatabaseTransaction>,
        records: &[Record],
    ) -> Result<Vec<Outcome>> {
        let mut rows: Vec<Row> = records.iter().map(|record| record.row.clone()).collect();
        rows.iter_mut().for_each(|row| self.check_key(row));
        let new = self.names.resolve(&mut rows, self.options.create_partners);
        let job = Job { writer: self.writer, provider: self.provider, publish_new: self.options.publish };
        // What courses name is made in a transaction of its own: the log has one line of writers, and whoever stands in
        // it must not wait for anything else.
        let written = match dry_run {
            Some(transaction) => {
                new.write(transaction, self.writer).await?;
                upsert(transaction, &job, &rows).await?
            }
            None => {
                if !new.is_empty() {
                    in_transaction(db, async |transaction| new.write(&transaction, self.writer).await).await?;
                }
                in_transaction(db, async |transaction| upsert(&transaction, &job, &rows).await).await?
            }
        };
        self.names.add(new);
        let accepted =
            rows.iter().zip(&written.outcomes).filter(|(_, outcome)| !matches!(outcome, Outcome::Refused(_)));
        self.keys.extend(accepted.filter_map(|(row, _)| fingerprint(row)));
        Ok(written.outcomes)
    }

    fn check_key(&self, row: &mut Row) {
        if fingerprint(row).is_some_and(|key| self.keys.contains(&key)) {
            let rule = "another row before it has this key";
            row.faults.push(Fault::of("externalKey", FaultCode::Duplicate, rule));
        }
    }
}

fn fingerprint(row: &Row) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    row.fields.get("externalKey")?.as_str()?.trim().hash(&mut hasher);
    Some(hasher.finish())
}
