//! Operations on courses. Each is one transaction: permissions, the expected version and all references are checked
//! under locks that last until the commit. Field rules belong in `validation`, SQL belongs in `write`.

use chrono::{DateTime, Months, Utc};
use entity::{ListingStatus, ProviderStatus, course, offering, provider};
use sea_orm::{DatabaseConnection, DatabaseTransaction, EntityTrait};
use serde_json::Value;

use super::LockedCourse;
use super::validation::{self, ValidatedCourse};
use super::write::{CourseRef, CourseWrite, OfferingChange, RowResult, StatusTransition, WriteOptions, write_courses};
use crate::auth::{Caller, Mutation, permit_on, refresh_caller, require_sign_in};
use crate::dictionary;
use crate::error::{AppError, Result};
use crate::input::text::{MAX_NOTE_CHARS, prose};
use crate::input::{Fields, ValidationCode, ValidationError};
use crate::provider::service::authorize_and_lock_provider;
use crate::write::{MutationOutcome, Writer, as_writer, check_version};

/// How far ahead a publication can be scheduled.
const MAX_SCHEDULE_AHEAD: Months = Months::new(24);

/// Context of a mutation.
pub struct MutationContext<'a> {
    /// Writer that records the change.
    pub writer: &'a Writer,
    /// Caller that sent the request.
    pub caller: &'a Caller,
    /// Mutation, for the permission check.
    pub mutation: Mutation,
}

/// A change to an existing course.
#[derive(Debug)]
pub enum CourseChange {
    /// Updates the fields that are given.
    Fields(Fields),
    /// Publishes the course, immediately or at a given time.
    Publish(Option<DateTime<Utc>>),
    /// Turns the course back into a draft.
    Withdraw,
    /// Retires the course, for an optional reason.
    Retire(Option<String>),
}

/// Whether everyone can see the course by ID and slug.
pub fn is_public(row: &course::Model, provider: ProviderStatus) -> bool {
    row.status != ListingStatus::Draft && dictionary::is_public(provider)
}

/// Creates a course as a draft.
#[tracing::instrument(level = "debug", skip_all, fields(provider))]
pub async fn create(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    provider: i64,
    input: &Fields,
) -> Result<MutationOutcome<course::Model>> {
    as_writer(db, context.writer, async |tx| {
        let provider = authorize_and_lock_provider(&tx, context.caller, context.mutation, provider).await?;
        let (values, errors) = ValidatedCourse::input(input);
        let write = CourseWrite { values, errors, ..CourseWrite::empty(CourseRef::New) };
        let outcome = context.write(&tx, &provider, write, None).await?;
        let errors = outcome.errors.into_iter().map(|error| error.within("input")).collect();
        Ok(MutationOutcome { errors, ..outcome })
    })
    .await
}

/// Changes a course if it still has the given version.
#[tracing::instrument(level = "debug", skip_all, fields(id, version))]
pub async fn edit(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    id: i64,
    version: i32,
    change: &CourseChange,
) -> Result<MutationOutcome<course::Model>> {
    as_writer(db, context.writer, async |tx| {
        let locked = context.authorize_and_lock_course(&tx, id, "course").await?;
        let before = &locked.course;
        let write = change.to_write(before, context.writer.now());
        if let Some(error) = check_version(version, before.version) {
            // Whether a status change is allowed depends on the version; field errors do not.
            let others = write.errors.into_iter().filter(|_| matches!(change, CourseChange::Fields(_)));
            let errors = std::iter::once(error).chain(others.map(|error| change.prefix_path(error))).collect();
            return Ok(MutationOutcome::failure(Some(locked.course), errors));
        }
        let outcome = context.write(&tx, &locked.provider, write, Some(locked.course)).await?;
        let errors = outcome.errors.into_iter().map(|error| change.prefix_path(error)).collect();
        Ok(MutationOutcome { errors, ..outcome })
    })
    .await
}

/// Adds an offering to a course, or updates one if it still has the given version.
#[tracing::instrument(level = "debug", skip_all, fields(course))]
pub async fn save_offering(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    course: i64,
    (id, version): (Option<i64>, Option<i32>),
    input: &Fields,
) -> Result<MutationOutcome<offering::Model>> {
    as_writer(db, context.writer, async |tx| {
        let locked = context.authorize_and_lock_course(&tx, course, "course").await?;
        if let Some(id) = id {
            let there = offering::Entity::find_by_id(id).one(&*tx).await?;
            there.filter(|row| row.course_id == course).ok_or(AppError::NotFound("offering"))?;
        }
        let (values, errors) = validation::offering(input);
        let unversioned = unversioned(id, version);
        let errors: Vec<ValidationError> =
            errors.into_iter().map(|error| error.within("input")).chain(unversioned).collect();
        let id = id.unwrap_or_else(|| context.writer.ids.next());
        let offering = errors.is_empty().then(|| OfferingChange::Save(id, version, Box::new(values)));
        let write = CourseWrite { errors, offering, ..CourseWrite::empty(CourseRef::ById(course, None)) };
        let outcome = context.write(&tx, &locked.provider, write, Some(locked.course)).await?;
        let current = offering::Entity::find_by_id(id).one(&*tx).await?;
        Ok(MutationOutcome { current, errors: outcome.errors, position: outcome.position })
    })
    .await
}

/// Removes an offering if it still has the given version.
#[tracing::instrument(level = "debug", skip_all, fields(id, version))]
pub async fn remove_offering(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    id: i64,
    version: i32,
) -> Result<MutationOutcome<course::Model>> {
    as_writer(db, context.writer, async |tx| {
        require_sign_in(context.caller)?;
        let there = offering::Entity::find_by_id(id).one(&*tx).await?;
        let course = there.ok_or(AppError::NotFound("offering"))?.course_id;
        let locked = context.authorize_and_lock_course(&tx, course, "offering").await?;
        let offering = Some(OfferingChange::Remove(id, version));
        let write = CourseWrite { offering, ..CourseWrite::empty(CourseRef::ById(course, None)) };
        context.write(&tx, &locked.provider, write, Some(locked.course)).await
    })
    .await
}

/// Returns an error unless ID and version are either both given or both left out.
fn unversioned(id: Option<i64>, version: Option<i32>) -> Option<ValidationError> {
    let error = |code, rule| Some(ValidationError::of("expectedVersion", code, rule));
    match (id, version) {
        (Some(_), None) => error(ValidationCode::Required, "must be given with the id of an offering"),
        (None, Some(_)) => error(ValidationCode::Invalid, "must be left out for a new offering"),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

impl MutationContext<'_> {
    /// Loads the course, and checks that the caller may run the mutation on it. Locks the provider's row until the
    /// commit, so that nobody else writes to any of its courses. Errors name the object by `word`.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub async fn authorize_and_lock_course(
        &self,
        tx: &DatabaseTransaction,
        id: i64,
        word: &'static str,
    ) -> Result<LockedCourse> {
        require_sign_in(self.caller)?;
        let locked = LockedCourse::lock(tx, id, word).await?;
        let caller = refresh_caller(tx, self.caller, locked.provider.id).await?;
        permit_on(&caller, self.mutation, (word, locked.provider.id), locked.is_public())?;
        Ok(locked)
    }

    /// Writes a change and returns the new state of the course. Returns the previous state if nothing was written, or
    /// in a dry run.
    async fn write(
        &self,
        tx: &DatabaseTransaction,
        provider: &provider::Model,
        write: CourseWrite,
        before: Option<course::Model>,
    ) -> Result<MutationOutcome<course::Model>> {
        let (provider_id, agrees) = (provider.id, self.caller.is_staff());
        let options =
            WriteOptions { writer: self.writer, provider: provider_id, publish_new: false, all_or_none: false, agrees };
        let stored = before.clone().into_iter().collect();
        let mut written = write_courses(tx, &options, provider, vec![write], stored).await?;
        if let Some(RowResult::Rejected(errors)) = written.results.pop() {
            return Ok(MutationOutcome::failure(before, errors));
        }
        let changed = written.changed.pop().filter(|_| !self.writer.dry_run);
        Ok(MutationOutcome { current: changed.or(before), errors: Vec::new(), position: written.position })
    }
}

impl CourseChange {
    /// Whether the change can propose a partnership, or make a proposal public.
    pub fn concerns_partners(&self) -> bool {
        match self {
            CourseChange::Fields(fields) => ["partners", "units"].iter().any(|field| fields.contains_key(*field)),
            CourseChange::Publish(_) => true,
            CourseChange::Withdraw | CourseChange::Retire(_) => false,
        }
    }

    fn to_write(&self, before: &course::Model, now: DateTime<Utc>) -> CourseWrite {
        let nothing = CourseWrite::empty(CourseRef::ById(before.id, Some(before.version)));
        let transition = match self {
            CourseChange::Fields(fields) => {
                let (values, errors) = ValidatedCourse::input(fields);
                return CourseWrite { values, errors, ..nothing };
            }
            CourseChange::Publish(at) => publish(before, *at, now),
            CourseChange::Withdraw => Ok(StatusTransition::Withdraw),
            CourseChange::Retire(reason) => retire(reason.as_deref()),
        };
        match transition {
            Ok(transition) => CourseWrite { transition: Some(transition), ..nothing },
            Err(error) => CourseWrite { errors: vec![error], ..nothing },
        }
    }

    /// Prefixes the path of an error with the argument that it belongs to.
    fn prefix_path(&self, error: ValidationError) -> ValidationError {
        match self {
            CourseChange::Fields(_) if error.code != ValidationCode::Stale => error.within("input"),
            CourseChange::Fields(_) => error,
            CourseChange::Publish(_) | CourseChange::Withdraw | CourseChange::Retire(_)
                if error.path == ["publish"] =>
            {
                ValidationError { path: vec!["id".to_owned()], ..error }
            }
            CourseChange::Publish(_) | CourseChange::Withdraw | CourseChange::Retire(_) => error,
        }
    }
}

fn publish(
    before: &course::Model,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<StatusTransition, ValidationError> {
    if before.status == ListingStatus::Retired {
        let rule = "it is retired; make it a draft again first, with unpublishCourse";
        return Err(ValidationError::of("id", ValidationCode::NotAllowed, rule));
    }
    match at.filter(|at| *at > now) {
        None => Ok(StatusTransition::Publish),
        Some(at) if now.checked_add_months(MAX_SCHEDULE_AHEAD).is_some_and(|last| at <= last) => {
            Ok(StatusTransition::Schedule(at))
        }
        Some(_) => Err(ValidationError::of("at", ValidationCode::OutOfRange, "must be at most two years ahead")),
    }
}

fn retire(reason: Option<&str>) -> Result<StatusTransition, ValidationError> {
    let reason = reason.map(|text| prose(MAX_NOTE_CHARS)(&Value::from(text))).transpose();
    reason
        .map(StatusTransition::Retire)
        .map_err(|violation| ValidationError::of("reason", violation.code, violation.text))
}
