//! Writes to outcome reports by members of the course's provider and by staff. A report is not part of the listing: it
//! leaves the version of the course alone, so that it makes nobody's edit of the course stale. Independent of GraphQL
//! and HTTP.

use entity::{
    ChangeKind, ListingStatus, ListingType, ProviderStatus, outcome_employment, outcome_report, outcome_salary_band,
};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::Value;

use super::children::ReportChildren;
use super::fields;
use super::validation::ValidatedReport;
use crate::auth::{refresh_caller, require_sign_in};
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::course::LockedCourse;
use crate::course::service::MutationContext;
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::write::{MutationOutcome, Writer, as_writer, check_version, insert, save_next};

/// Maximum number of reports on a course that are not withdrawn.
const MAX_REPORTS: usize = 200;
/// Name of the object in the error NOT_FOUND.
const OBJECT_NAME: &str = "outcome report";

/// Result of a write to a report.
pub type ReportResult = Result<MutationOutcome<outcome_report::Model>>;

/// Publishes a report on a course.
#[tracing::instrument(level = "debug", skip_all, fields(course))]
pub async fn publish(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    course: i64,
    fields: &Fields,
) -> ReportResult {
    as_writer(db, context.writer, async |tx| publish_in_transaction(&tx, context, course, fields).await).await
}

async fn publish_in_transaction(
    tx: &DatabaseTransaction,
    context: &MutationContext<'_>,
    course: i64,
    fields: &Fields,
) -> ReportResult {
    let locked = context.authorize_and_lock_course(tx, course, "course").await?;
    let course = &locked.course;
    let (values, mut errors) = ValidatedReport::read(fields, context.writer.now().date_naive());
    let in_force = reports_in_force(tx, course.id).await?;
    if in_force.len() >= MAX_REPORTS {
        let rule = format!("a course has at most {MAX_REPORTS} reports");
        errors.push(ValidationError::of("input", ValidationCode::Limit, rule));
    }
    errors.extend(values.as_ref().and_then(|values| check_period(values, &in_force, None)));
    let Some(values) = values.filter(|_| errors.is_empty()) else { return Ok(MutationOutcome::failure(None, errors)) };
    let row = values.row(context.writer.ids.next(), course.id, context.writer.now());
    let after = add(tx, &row, values).await?;
    let position = context.log(tx, Action::OutcomePublish, &locked, (Value::Null, after), None).await?;
    let current = (!context.writer.dry_run).then_some(row);
    Ok(MutationOutcome { current, errors, position })
}

/// Inserts a report with its child rows. Returns it as the change log shows it.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    row: &outcome_report::Model,
    values: ValidatedReport,
) -> Result<Value> {
    let (employment, bands) = (values.employment(row.id), values.bands(row.id));
    let after = fields::report(row, &employment, &bands);
    insert::<outcome_report::Entity>(tx, vec![row.clone()]).await?;
    insert::<outcome_employment::Entity>(tx, employment).await?;
    insert::<outcome_salary_band::Entity>(tx, bands).await?;
    Ok(after)
}

/// Replaces the figures of a report. The caller gives the version it has read. An update that changes nothing writes
/// nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    (id, version): (i64, i32),
    fields: &Fields,
) -> ReportResult {
    as_writer(db, context.writer, async |tx| update_in_transaction(&tx, context, (id, version), fields).await).await
}

async fn update_in_transaction(
    tx: &DatabaseTransaction,
    context: &MutationContext<'_>,
    (id, version): (i64, i32),
    fields: &Fields,
) -> ReportResult {
    let (locked, before) = lock_report(tx, context, id).await?;
    let (values, mut errors) = ValidatedReport::read(fields, context.writer.now().date_naive());
    errors.extend(check_version(version, before.version));
    errors.extend(check_not_withdrawn(&before));
    let in_force = reports_in_force(tx, locked.course.id).await?;
    let own = values.as_ref().filter(|_| before.source_key.is_none());
    errors.extend(own.and_then(|values| check_period(values, &in_force, Some(id))));
    let Some(values) = values.filter(|_| errors.is_empty()) else {
        return Ok(MutationOutcome::failure(Some(before), errors));
    };
    let row = values.apply_to(before.clone());
    let Some((row, change)) = replace(tx, context.writer, (&before, row), values).await? else {
        return Ok(MutationOutcome::success(before, None));
    };
    let position = context.log(tx, Action::OutcomeUpdate, &locked, change, None).await?;
    Ok(MutationOutcome::success(if context.writer.dry_run { before } else { row }, position))
}

/// Writes the new form of a report with its child rows. Returns the row and, as the change log shows it, the report
/// before and after; `None` if nothing differs.
pub(super) async fn replace(
    tx: &DatabaseTransaction,
    writer: &Writer,
    (before, mut row): (&outcome_report::Model, outcome_report::Model),
    values: ValidatedReport,
) -> Result<Option<(outcome_report::Model, (Value, Value))>> {
    let mut children = ReportChildren::load(tx, before.id).await?;
    let was = children.shown(before);
    let (employment, bands) = (values.employment(before.id), values.bands(before.id));
    let is = fields::report(&row, &employment, &bands);
    if !children.set(employment, bands) && row == *before {
        return Ok(None);
    }
    (row.version, row.updated_at) = (before.version + 1, writer.now());
    save_next::<outcome_report::Entity>(tx, vec![row.clone()]).await?;
    children.write(tx).await?;
    Ok(Some((row, (was, is))))
}

/// Withdraws a report from the public, for a reason that stays on record. The caller gives the version it has read.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn withdraw(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    (id, version): (i64, i32),
    reason: &str,
) -> ReportResult {
    as_writer(db, context.writer, async |tx| {
        let (locked, before) = lock_report(&tx, context, id).await?;
        let checked_reason = prose(MAX_NOTE_CHARS)(&Value::from(reason));
        let mut errors: Vec<ValidationError> =
            check_version(version, before.version).into_iter().chain(check_not_withdrawn(&before)).collect();
        errors.extend(checked_reason.as_ref().err().cloned().map(|violation| violation.at("reason")));
        let Some(reason) = checked_reason.ok().filter(|_| errors.is_empty()) else {
            return Ok(MutationOutcome::failure(Some(before), errors));
        };
        let was = ReportChildren::load(&*tx, id).await?.shown(&before);
        let now = context.writer.now();
        let row = outcome_report::Model {
            version: before.version + 1,
            updated_at: now,
            withdrawn_at: Some(now),
            withdrawn_because: Some(reason.clone()),
            ..before.clone()
        };
        save_next::<outcome_report::Entity>(&*tx, vec![row.clone()]).await?;
        let position = context.log(&tx, Action::OutcomeWithdraw, &locked, (was, Value::Null), Some(&reason)).await?;
        Ok(MutationOutcome::success(row, position))
    })
    .await
}

/// Returns a report and its course, and locks the row of the course's provider. Callers who may not see a withdrawn
/// report get NOT_FOUND. Imported reports are for staff only: a provider must not improve what others say of it.
async fn lock_report(
    tx: &DatabaseTransaction,
    context: &MutationContext<'_>,
    id: i64,
) -> Result<(LockedCourse, outcome_report::Model)> {
    require_sign_in(context.caller)?;
    let row = || outcome_report::Entity::find_by_id(id).one(tx);
    let report = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?;
    let locked = match context.authorize_and_lock_course(tx, report.course_id, OBJECT_NAME).await {
        Err(AppError::Forbidden) if report.withdrawn_at.is_some() => return Err(AppError::NotFound(OBJECT_NAME)),
        locked => locked?,
    };
    let report = row().await?.ok_or(AppError::NotFound(OBJECT_NAME))?;
    if report.source_key.is_some() && !refresh_caller(tx, context.caller, locked.provider.id).await?.is_staff() {
        return Err(AppError::Forbidden);
    }
    Ok((locked, report))
}

/// Returns the provider's own reports on a course that are not withdrawn.
async fn reports_in_force(tx: &DatabaseTransaction, course: i64) -> Result<Vec<outcome_report::Model>> {
    use outcome_report::Column;
    let rows = outcome_report::Entity::find().filter(Column::CourseId.eq(course)).filter(Column::WithdrawnAt.is_null());
    Ok(rows.filter(Column::SourceKey.is_null()).all(tx).await?)
}

/// Returns an error if another report of the course has the same period. The database has the same constraint, in case
/// a writer does not hold the lock.
fn check_period(
    values: &ValidatedReport,
    in_force: &[outcome_report::Model],
    own: Option<i64>,
) -> Option<ValidationError> {
    let same = |row: &&outcome_report::Model| (row.period_start, row.period_end) == (values.start, values.end);
    in_force.iter().find(|row| Some(row.id) != own && same(row)).map(|_| {
        let rule = "there is a report of this course on this period; change that one";
        ValidationError::of("periodStart", ValidationCode::Duplicate, rule).within("input")
    })
}

fn check_not_withdrawn(row: &outcome_report::Model) -> Option<ValidationError> {
    let rule = "it has been withdrawn; publish another";
    row.withdrawn_at.map(|_| ValidationError::of("id", ValidationCode::NotAllowed, rule))
}

impl MutationContext<'_> {
    /// Logs a change to a report as a change to its course, since the ranking of the course depends on it.
    async fn log(
        &self,
        tx: &DatabaseTransaction,
        action: Action,
        locked: &LockedCourse,
        change: (Value, Value),
        reason: Option<&str>,
    ) -> Result<Option<i64>> {
        self.writer.log(tx, vec![log_entry(self.writer, action, locked, change, reason)]).await
    }
}

/// Log entry for a change to a report.
pub(super) fn log_entry(
    writer: &Writer,
    action: Action,
    locked: &LockedCourse,
    (before, after): (Value, Value),
    reason: Option<&str>,
) -> Entry {
    let LockedCourse { course, provider } = locked;
    let is_seen = course.status != ListingStatus::Draft && provider.status == ProviderStatus::Active;
    let mut changes = Difference::default();
    changes.record("outcomeReport", before, after);
    changes.record("reason", Value::Null, reason.into());
    Entry {
        actor: writer.actor.clone(),
        action,
        listing_type: ListingType::Course,
        listing_id: course.id,
        slug: course.slug.clone(),
        provider_id: Some(course.provider_id),
        event: is_seen.then_some(ChangeKind::Updated),
        fields: Some(changes.into()),
    }
}
