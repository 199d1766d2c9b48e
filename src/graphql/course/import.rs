//! The mutation `importCourses`, which writes a batch of a provider's courses in one request. Reading and writing rows
//! does not belong here; `POST /import` uses the same code for feeds of any size.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::course::write::{BatchResult, ImportRow, RowResult, WriteOptions, upsert};
use catalog::database::Database;
use catalog::error::AppError;
use catalog::input::{ValidationCode, ValidationError};
use catalog::notice::Notices;
use catalog::provider::service::authorize_and_lock_provider;
use catalog::write::as_writer;

use super::fields::CourseRow;
use super::types::Course;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Maximum number of rows in one request.
const MAX_ROWS: usize = 500;

/// What happens to a batch that contains invalid rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportPolicy {
    /// Writes nothing if any row is invalid.
    RejectAll,
    /// Skips invalid rows and writes all others.
    SkipInvalid,
}

/// Result of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportOutcome {
    /// The row created a course.
    Created,
    /// The row updated the course with its `externalKey`.
    Updated,
    /// The row matches the stored course. Nothing was written.
    Unchanged,
    /// The row was not written, because it is invalid or because another row is and the policy is REJECT_ALL.
    Rejected,
}

/// Result of `importCourses`.
#[derive(Default, SimpleObject)]
pub struct ImportPayload {
    /// Number of rows that created a course.
    created: i32,
    /// Number of rows that updated a course.
    updated: i32,
    /// Number of rows that matched the stored course.
    unchanged: i32,
    /// Number of rows that were not written.
    rejected: i32,
    /// Result of each row, in the order of the input.
    rows: Vec<ImportRowResult>,
    /// Errors that kept the whole batch from being written: LIMIT if there are too many rows, and with the policy
    /// REJECT_ALL all errors of all rows. Empty with SKIP_INVALID, whose errors are in `rows`.
    user_errors: Vec<UserError>,
}

/// Result of a row.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ImportRowResult {
    /// Index of the row in the batch, starting at 0.
    index: i32,
    /// `externalKey` of the row, as it was sent.
    external_key: String,
    /// What happened to the row.
    outcome: ImportOutcome,
    #[graphql(skip)]
    course: Option<i64>,
    /// Errors of the row. Each path starts with "rows" and the index of the row.
    user_errors: Vec<UserError>,
}

#[ComplexObject]
impl ImportRowResult {
    /// Course after the import; with `validateOnly` the stored course. Null if the row was rejected, or if
    /// `validateOnly` is set and the row would create a course.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        Course::load(ctx, self.course?).await.map_err(Into::into).transpose()
    }
}

/// The import mutation.
#[derive(Default)]
pub struct ImportMutation;

/// The import mutation.
#[Object]
impl ImportMutation {
    /// Creates or updates a batch of courses of a provider. A row updates the course that has the same `externalKey`.
    /// Allowed for editors and owners of the provider, its service tokens, and staff. More than 500 rows are the user
    /// error LIMIT; send larger feeds to `POST /import`.
    async fn import_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider that owns the courses.")] provider: ID,
        #[graphql(desc = "Courses to import, at most 500.")] rows: Vec<UntypedInput<CourseRow>>,
        #[graphql(default_with = "ImportPolicy::RejectAll", desc = "What happens to the batch if rows are invalid.")]
        on_error: ImportPolicy,
        #[graphql(default, desc = "Validates the batch without writing it. The result shows what would happen.")]
        validate_only: bool,
    ) -> Option<Result<ImportPayload>> {
        if rows.len() > MAX_ROWS {
            let rule = format!("must be at most {MAX_ROWS} at once; POST /import takes any number");
            let user_errors = vec![ValidationError::of("rows", ValidationCode::Limit, rule).into()];
            return Some(Ok(ImportPayload { user_errors, ..ImportPayload::default() }));
        }
        let rows: Vec<ImportRow> =
            rows.into_iter().map(|raw| ImportRow { fields: raw.fields, errors: Vec::new() }).collect();
        Some(import(ctx, &provider, &rows, on_error, validate_only).await)
    }
}

async fn import(
    ctx: &Context<'_>,
    provider: &ID,
    rows: &[ImportRow],
    policy: ImportPolicy,
    validate_only: bool,
) -> Result<ImportPayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "provider", provider)?;
    let writer = ctx.writer(validate_only);
    let all_or_none = policy == ImportPolicy::RejectAll;
    let options =
        WriteOptions { writer: &writer, provider, publish_new: false, all_or_none, agrees: ctx.caller().is_staff() };
    // Wait for a slot before taking a connection, so that queued imports do not block other requests.
    let _permit = ctx.data_unchecked::<Database>().batches.acquire().await.map_err(AppError::internal)?;
    let written = as_writer(ctx.primary(), &writer, async |tx| {
        authorize_and_lock_provider(&tx, ctx.caller(), Mutation::ImportCourses, provider).await?;
        upsert(&tx, &options, rows).await
    });
    let written = written.await?;
    if written.position.is_some() {
        ctx.data_unchecked::<Notices>().partnerships();
    }
    ctx.wait_until_served(written.position).await;
    Ok(payload(rows, written, all_or_none, validate_only))
}

fn payload(rows: &[ImportRow], written: BatchResult, all_or_none: bool, validate_only: bool) -> ImportPayload {
    let none = all_or_none && written.results.iter().any(|outcome| matches!(outcome, RowResult::Rejected(_)));
    let mut payload = ImportPayload::default();
    for ((row, outcome), index) in rows.iter().zip(written.results).zip(0..) {
        let result = ImportRowResult::new(row, outcome, index, validate_only);
        let result = if none { result.rejected() } else { result };
        *match result.outcome {
            ImportOutcome::Created => &mut payload.created,
            ImportOutcome::Updated => &mut payload.updated,
            ImportOutcome::Unchanged => &mut payload.unchanged,
            ImportOutcome::Rejected => &mut payload.rejected,
        } += 1;
        if none {
            payload.user_errors.extend(result.user_errors.iter().cloned());
        }
        payload.rows.push(result);
    }
    payload
}

impl ImportRowResult {
    fn new(row: &ImportRow, outcome: RowResult, index: i32, validate_only: bool) -> Self {
        let (outcome, course, errors) = match outcome {
            RowResult::Created(id) => (ImportOutcome::Created, Some(id).filter(|_| !validate_only), Vec::new()),
            RowResult::Updated(id) => (ImportOutcome::Updated, Some(id), Vec::new()),
            RowResult::Unchanged(id) => (ImportOutcome::Unchanged, Some(id), Vec::new()),
            RowResult::Rejected(errors) => (ImportOutcome::Rejected, None, errors),
        };
        let key = row.fields.get("externalKey").and_then(|key| key.as_str()).unwrap_or_default();
        let place = |error: ValidationError| error.within(&index.to_string()).within("rows").into();
        let user_errors = errors.into_iter().map(place).collect();
        Self { index, external_key: key.to_owned(), outcome, course, user_errors }
    }

    /// Turns the result into a rejection, for a batch of which nothing is written.
    fn rejected(self) -> Self {
        Self { outcome: ImportOutcome::Rejected, course: None, ..self }
    }
}
