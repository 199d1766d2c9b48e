//! Writing courses: a batch of loosely typed rows of one provider is put in or brought up to date by the provider's
//! own keys, with a fixed number of statements a batch. A row that says what is there already writes nothing. Used by
//! whatever takes listings in; what must not go in: GraphQL, the command line, and who may do it.

mod batch;
mod blank;
mod history;
mod offerings;

use entity::provider;
use sea_orm::sea_query::LockType;
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

use self::batch::Batch;
use super::draft::CourseDraft;
use crate::error::{AppError, Result};
use crate::form::{Fault, Fields};
use crate::write::Writer;

/// What is to be written, by whom, and how.
pub struct Job<'a> {
    /// Who writes.
    pub writer: &'a Writer,
    /// The provider whose courses they are.
    pub provider: i64,
    /// Whether a new course is published where its row does not say; one that is there stays as it is.
    pub publish_new: bool,
    /// Whether a row that is refused keeps all others from being written too.
    pub all_or_none: bool,
}

/// A row as it comes in.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it says, in the form of `CourseRow` in the schema, and `sources` beside it: keys of sources.
    pub fields: Fields,
    /// What is known to be wrong with it already: such a row is refused, with these and all further faults.
    pub faults: Vec<Fault>,
}

impl Row {
    /// A row that could not be read at all.
    pub fn unreadable(fault: Fault) -> Self {
        Self { fields: Fields::new(), faults: vec![fault] }
    }

    fn parse(&self) -> (CourseDraft, Vec<Fault>) {
        let (draft, found) = CourseDraft::parse(&self.fields);
        let found = found.into_iter().filter(|_| !self.is_unreadable());
        (draft, self.faults.iter().cloned().chain(found).collect())
    }

    /// Whether it could not be read at all: then there is nothing more to be said of it.
    fn is_unreadable(&self) -> bool {
        self.fields.is_empty() && !self.faults.is_empty()
    }

    /// Whether anything is wrong with it that shows without the database.
    pub fn is_faulty(&self) -> bool {
        !self.parse().1.is_empty()
    }
}

/// The fields that a row may have.
pub fn fields() -> Vec<&'static str> {
    CourseDraft::fields()
}

/// What has become of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is a new course.
    Created(i64),
    /// It has changed the course that was there.
    Updated(i64),
    /// It says what was there already.
    Unchanged(i64),
    /// It was not written, for these reasons.
    Refused(Vec<Fault>),
}

/// What has become of a batch.
#[derive(Debug)]
pub struct Written {
    /// Of each row, in their order.
    pub outcomes: Vec<Outcome>,
    /// The position of the log that the last of its changes got; `None` where nothing has changed.
    pub position: Option<i64>,
}

/// Writes rows in the caller's transaction, and says of each what has become of it. Nothing else may be written in
/// the transaction afterwards: the log comes last.
///
/// A row may name courses that stand before it in the batch. The provider's row is locked, so that two batches of one
/// provider come one after the other, and its status stays what it is until the commit.
pub async fn upsert(db: &DatabaseTransaction, job: &Job<'_>, rows: &[Row]) -> Result<Written> {
    let provider = provider::Entity::find_by_id(job.provider).lock(LockType::NoKeyUpdate).one(db).await?;
    let provider = provider.ok_or_else(|| AppError::input("provider", "there is no such provider"))?;
    let drafts: Vec<(CourseDraft, Vec<Fault>)> = rows.iter().map(Row::parse).collect();
    let mut batch = Batch::load(db, job, &provider, &drafts).await?;
    let slugs = batch.make_slugs(db, &drafts).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, ((draft, faults), slug)) in rows.iter().zip(drafts.into_iter().zip(slugs)) {
        let unreadable = row.is_unreadable();
        outcomes.push(if unreadable { Outcome::Refused(faults) } else { batch.take(draft, faults, slug) });
    }
    if job.all_or_none && outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(_))) {
        return Ok(Written { outcomes, position: None });
    }
    let entries = batch.write(db).await?;
    let position = job.writer.log(db, entries).await?;
    Ok(Written { outcomes, position })
}
