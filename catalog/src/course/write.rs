//! Writes courses: creates or updates a batch of courses of one provider with a fixed number of statements. Single
//! mutations use the same path as imports. Input that matches the stored state writes nothing. GraphQL, the command
//! line and permission checks do not belong here.

mod batch;
mod graph;
mod hidden;
mod history;
mod offerings;
mod partnerships;
mod transition;

use entity::{course, provider};
use sea_orm::DatabaseTransaction;

use self::batch::Batch;
pub(super) use self::offerings::OfferingChange;
pub use self::transition::StatusTransition;
use super::validation::ValidatedCourse;
use crate::error::{AppError, Result};
use crate::input::{Fields, ValidationError};
use crate::provider::service::lock_provider;
use crate::write::Writer;

/// Options of a write.
pub struct WriteOptions<'a> {
    /// Writer that records the changes.
    pub writer: &'a Writer,
    /// Provider that owns the courses.
    pub provider: i64,
    /// Whether to publish new courses whose row does not set `publish`. Existing courses keep their status.
    pub publish_new: bool,
    /// Whether one refused row prevents all others from being written.
    pub all_or_none: bool,
    /// Whether the writer can consent for partners and the providers of units, as staff and operators do. Their
    /// partnerships count as accepted; those of other writers are proposals.
    pub agrees: bool,
}

/// An unparsed row of a batch.
#[derive(Clone, Debug, Default)]
pub struct ImportRow {
    /// Fields in the format of `CourseRow` in the schema, plus `sources`, a list of source keys.
    pub fields: Fields,
    /// Errors found so far. A row with errors is refused, and all further errors are added.
    pub errors: Vec<ValidationError>,
}

impl ImportRow {
    /// Creates a row that stands for unreadable input.
    pub fn unreadable(error: ValidationError) -> Self {
        Self { fields: Fields::new(), errors: vec![error] }
    }

    fn parse(&self) -> (ValidatedCourse, Vec<ValidationError>) {
        let (values, found) = ValidatedCourse::row(&self.fields);
        let found = found.into_iter().filter(|_| !self.is_unreadable());
        (values, self.errors.iter().cloned().chain(found).collect())
    }

    fn to_write(&self) -> CourseWrite {
        let (values, errors) = self.parse();
        let course = if self.is_unreadable() { CourseRef::Unreadable } else { CourseRef::ByExternalKey };
        let transition =
            values.publish.map(|publish| if publish { StatusTransition::Publish } else { StatusTransition::Withdraw });
        CourseWrite { course, values, errors, transition, offering: None }
    }

    /// Whether the row could not be read at all, so that further errors would be meaningless.
    pub fn is_unreadable(&self) -> bool {
        self.fields.is_empty() && !self.errors.is_empty()
    }

    /// Whether the row has errors that can be found without the database.
    pub fn is_faulty(&self) -> bool {
        !self.parse().1.is_empty()
    }
}

/// A requested change to one course.
#[derive(Clone)]
pub(super) struct CourseWrite {
    /// Course to change.
    pub course: CourseRef,
    /// New values of its fields.
    pub values: ValidatedCourse,
    /// Errors found so far.
    pub errors: Vec<ValidationError>,
    /// Status change, if any.
    pub transition: Option<StatusTransition>,
    /// Change to a single offering, if any. Input with a list of offerings replaces all of them.
    pub offering: Option<OfferingChange>,
}

/// Reference to a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CourseRef {
    /// A new course.
    New,
    /// The course with the input's external key, or a new one.
    ByExternalKey,
    /// The course with this ID, and the version that the writer has read, if any.
    ById(i64, Option<i32>),
    /// Unknown, because the row could not be read.
    Unreadable,
}

impl CourseWrite {
    /// An empty change.
    pub(super) fn empty(course: CourseRef) -> Self {
        let (values, errors) = ValidatedCourse::input(&Fields::new());
        Self { course, values, errors, transition: None, offering: None }
    }
}

/// Names of the fields that a row may have.
pub fn fields() -> Vec<&'static str> {
    ValidatedCourse::fields()
}

/// Errors of a row that can be found without the database.
pub fn errors(fields: &Fields) -> Vec<ValidationError> {
    ValidatedCourse::row(fields).1
}

/// Result of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowResult {
    /// The row created this course.
    Created(i64),
    /// The row updated this course.
    Updated(i64),
    /// The row matches this stored course.
    Unchanged(i64),
    /// The row was not written, for these reasons.
    Rejected(Vec<ValidationError>),
}

/// Result of a batch.
#[derive(Debug)]
pub struct BatchResult {
    /// Result of each row, in the order of the input.
    pub results: Vec<RowResult>,
    /// Log position of the last change. `None` if nothing has changed.
    pub position: Option<i64>,
    /// New state of the courses that have changed.
    pub(super) changed: Vec<course::Model>,
}

/// Writes rows in the caller's transaction and returns the result of each. Nothing else may be written in the
/// transaction afterwards, because the log entries must come last.
///
/// A row may refer to courses that come before it in the batch. The provider's row is locked: batches of one provider
/// run one after the other, and its status cannot change before the commit.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn upsert(db: &DatabaseTransaction, options: &WriteOptions<'_>, rows: &[ImportRow]) -> Result<BatchResult> {
    let provider = lock_owner(db, options).await?;
    write_courses(db, options, &provider, rows.iter().map(ImportRow::to_write).collect(), Vec::new()).await
}

/// Applies the same status change to several courses of the provider. Otherwise works like `upsert`.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn change_status(
    db: &DatabaseTransaction,
    options: &WriteOptions<'_>,
    courses: &[i64],
    transition: &StatusTransition,
) -> Result<BatchResult> {
    let write = |id: &i64| CourseWrite {
        transition: Some(transition.clone()),
        ..CourseWrite::empty(CourseRef::ById(*id, None))
    };
    let provider = lock_owner(db, options).await?;
    write_courses(db, options, &provider, courses.iter().map(write).collect(), Vec::new()).await
}

async fn lock_owner(db: &DatabaseTransaction, options: &WriteOptions<'_>) -> Result<provider::Model> {
    let provider = lock_provider(db, options.provider).await?;
    provider.ok_or_else(|| AppError::input("provider", "there is no such provider"))
}

/// Writes the requested changes. Otherwise works like `upsert`. The caller has locked the provider's row, and passes the
/// courses that it has loaded since, which are not loaded again.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn write_courses(
    db: &DatabaseTransaction,
    options: &WriteOptions<'_>,
    provider: &provider::Model,
    writes: Vec<CourseWrite>,
    stored: Vec<course::Model>,
) -> Result<BatchResult> {
    let mut batch = Batch::load(db, options, provider, &writes, stored).await?;
    let slugs = batch.make_slugs(db, &writes).await?;
    let results: Vec<RowResult> = writes.into_iter().zip(slugs).map(|(write, slug)| batch.take(write, slug)).collect();
    if options.all_or_none && results.iter().any(|outcome| matches!(outcome, RowResult::Rejected(_))) {
        return Ok(BatchResult { results, position: None, changed: Vec::new() });
    }
    let (entries, changed) = batch.write(db).await?;
    let position = options.writer.log(db, entries).await?;
    Ok(BatchResult { results, position, changed })
}
