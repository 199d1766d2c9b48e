//! `importCourses`: a batch of a provider's listings in one request. What must not go in: how rows are read and written;
//! feeds of any size go the same way.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, SimpleObject};

use super::fields::CourseRow;
use super::types::Course;
use super::write::{Job, Outcome, Row, Written, upsert};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::form::{Fault, FaultCode};
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;
use crate::notice::Notices;
use crate::provider::service::held;
use crate::write::as_writer;

/// Rows of one request.
const ROWS: usize = 500;

/// What becomes of a batch in which rows are at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportPolicy {
    /// Nothing of it is written.
    RejectAll,
    /// The rows at fault are left out, and all others are written.
    SkipInvalid,
}

/// What has become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ImportOutcome {
    /// It is a new course.
    Created,
    /// It has changed the course with its key.
    Updated,
    /// It says what was there already, and nothing was written.
    Unchanged,
    /// It was not written: it is at fault itself, or another row is and the policy is REJECT_ALL.
    Rejected,
}

/// What has become of a batch.
#[derive(Default, SimpleObject)]
pub struct ImportPayload {
    /// How many rows are new courses.
    created: i32,
    /// How many rows have changed a course.
    updated: i32,
    /// How many rows say what was there already.
    unchanged: i32,
    /// How many rows were not written.
    rejected: i32,
    /// What has become of each row, in their order.
    rows: Vec<ImportRowResult>,
    /// Why nothing was written: every fault of every row where the policy is REJECT_ALL; empty where something was, or
    /// there was nothing to write.
    user_errors: Vec<UserError>,
}

/// What has become of a row.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ImportRowResult {
    /// Its place in the batch, from 0.
    index: i32,
    /// Its key, as it was sent.
    external_key: String,
    /// What has become of it.
    outcome: ImportOutcome,
    #[graphql(skip)]
    course: Option<i64>,
    /// What is wrong with it; the path begins with rows and its place.
    user_errors: Vec<UserError>,
}

#[ComplexObject]
impl ImportRowResult {
    /// The course as it is now; null where the row was not written, or would be a new course and nothing is written.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        Course::load(ctx, self.course?).await.transpose()
    }
}

/// The mutation of batches.
#[derive(Default)]
pub struct ImportMutation;

/// The mutation of batches.
#[Object]
impl ImportMutation {
    /// Puts a batch of a provider's courses in, or brings them up to date: a row is known again by its key. Those
    /// who may: members of the provider, its systems, staff. Feeds of any size go to POST /import.
    async fn import_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider whose courses they are.")] provider: ID,
        #[graphql(desc = "The courses, at most 500.")] rows: Vec<Raw<CourseRow>>,
        #[graphql(
            default_with = "ImportPolicy::RejectAll",
            desc = "What becomes of the others where rows are at fault."
        )]
        on_error: ImportPolicy,
        #[graphql(
            default,
            desc = "Whether everything is checked and nothing written; the outcomes are those that there would be."
        )]
        validate_only: bool,
    ) -> Option<Result<ImportPayload>> {
        if rows.len() > ROWS {
            let rule = format!("must be at most {ROWS} at once; POST /import takes any number");
            let user_errors = vec![Fault::of("rows", FaultCode::Limit, rule).into()];
            return Some(Ok(ImportPayload { user_errors, ..ImportPayload::default() }));
        }
        let rows: Vec<Row> = rows.into_iter().map(|raw| Row { fields: raw.fields, faults: Vec::new() }).collect();
        Some(import(ctx, &provider, &rows, on_error, validate_only).await)
    }
}

async fn import(
    ctx: &Context<'_>,
    provider: &ID,
    rows: &[Row],
    policy: ImportPolicy,
    validate_only: bool,
) -> Result<ImportPayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "provider", provider)?;
    let writer = ctx.writer(validate_only);
    let all_or_none = policy == ImportPolicy::RejectAll;
    let job = Job { writer: &writer, provider, publish_new: false, all_or_none, agrees: ctx.caller().is_staff() };
    // Whoever waits here for their turn keeps no connection from others.
    let _place = ctx.data_unchecked::<Database>().batches.acquire().await.map_err(AppError::internal)?;
    let written = as_writer(ctx.primary(), &writer, async |tx| {
        held(&tx, ctx.caller(), "importCourses", provider).await?;
        upsert(&tx, &job, rows).await
    });
    let written = written.await?;
    if written.position.is_some() {
        ctx.data_unchecked::<Notices>().partnerships();
    }
    ctx.written(written.position).await;
    Ok(payload(rows, written, all_or_none, validate_only))
}

fn payload(rows: &[Row], written: Written, all_or_none: bool, validate_only: bool) -> ImportPayload {
    let none = all_or_none && written.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(_)));
    let mut payload = ImportPayload::default();
    for ((row, outcome), index) in rows.iter().zip(written.outcomes).zip(0..) {
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
    fn new(row: &Row, outcome: Outcome, index: i32, validate_only: bool) -> Self {
        let (outcome, course, faults) = match outcome {
            Outcome::Created(id) => (ImportOutcome::Created, Some(id).filter(|_| !validate_only), Vec::new()),
            Outcome::Updated(id) => (ImportOutcome::Updated, Some(id), Vec::new()),
            Outcome::Unchanged(id) => (ImportOutcome::Unchanged, Some(id), Vec::new()),
            Outcome::Refused(faults) => (ImportOutcome::Rejected, None, faults),
        };
        let key = row.fields.get("externalKey").and_then(|key| key.as_str()).unwrap_or_default();
        let place = |fault: Fault| fault.within(&index.to_string()).within("rows").into();
        let user_errors = faults.into_iter().map(place).collect();
        Self { index, external_key: key.to_owned(), outcome, course, user_errors }
    }

    /// The same row where nothing of the batch is written.
    fn rejected(self) -> Self {
        Self { outcome: ImportOutcome::Rejected, course: None, ..self }
    }
}
