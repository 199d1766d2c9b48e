//! Deletes drafts that were never public. A listing that the public has seen is retired instead, because others may
//! hold its ID.

use entity::*;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;

use super::listing::LINKS;
use super::service::MutationContext;
use crate::changelog::fields::Difference;
use crate::changelog::{Action, Entry};
use crate::error::Result;
use crate::input::{ValidationCode, ValidationError};
use crate::write::{LinkSet, MutationOutcome, Target, as_writer, check_version, names, save_next};

/// Fields that link a course to other courses.
const FIELDS: [&str; 2] = ["units", "prerequisiteCourses"];

/// Deletes a course if it still has the given version.
#[tracing::instrument(level = "debug", skip_all, fields(id, version))]
pub async fn delete(
    db: &DatabaseConnection,
    context: &MutationContext<'_>,
    id: i64,
    version: i32,
) -> Result<MutationOutcome<course::Model>> {
    as_writer(db, context.writer, async |tx| {
        let before = context.authorize_and_lock_course(&tx, id, "course").await?.course;
        if let Some(error) = check_version(version, before.version).or(refusal(&tx, &before).await?) {
            return Ok(MutationOutcome::failure(Some(before), vec![error]));
        }
        let mut entries = unlink(&tx, context, &before).await?;
        course::Entity::delete_by_id(id).exec(&*tx).await?;
        entries.push(entry(context, Action::CourseDelete, &before));
        Ok(MutationOutcome { current: None, errors: Vec::new(), position: context.writer.log(&tx, entries).await? })
    })
    .await
}

/// Returns the reason why a course cannot be deleted, if there is one.
async fn refusal(tx: &DatabaseTransaction, row: &course::Model) -> Result<Option<ValidationError>> {
    let error = |rule: &str| Some(ValidationError::of("id", ValidationCode::NotAllowed, rule));
    if row.status != ListingStatus::Draft || row.published_at.is_some() {
        return Ok(error("is or was public: only a draft that never was can be deleted; use retireCourse"));
    }
    let cited = statistic::Entity::find().filter(statistic::Column::CourseId.eq(row.id)).count(tx).await?;
    let reviewed = review::Entity::find().filter(review::Column::CourseId.eq(row.id)).count(tx).await?;
    Ok(if cited + reviewed > 0 { error("a statistic or a review speaks of it") } else { None })
}

/// Removes the course from all courses that link to it, and returns their change log entries.
async fn unlink(tx: &DatabaseTransaction, context: &MutationContext<'_>, gone: &course::Model) -> Result<Vec<Entry>> {
    let rows = naming(tx, gone.id).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut links = LinkSet::load(tx, Target::Course, &LINKS, &ids).await?;
    let (mut changed, mut entries) = (Vec::new(), Vec::new());
    for before in rows {
        FIELDS.iter().for_each(|field| links.remove(before.id, field, gone.id));
        let row = course::Model { version: before.version + 1, updated_at: context.writer.now(), ..before };
        let fields = Some(difference(tx, row.id, &links).await?.into());
        entries.push(Entry { fields, ..entry(context, Action::CourseUpdate, &row) });
        changed.push(row);
    }
    save_next::<course::Entity>(tx, changed).await?;
    links.write(tx, &context.writer.ids).await?;
    Ok(entries)
}

async fn naming(tx: &DatabaseTransaction, id: i64) -> Result<Vec<course::Model>> {
    use sea_orm::{QuerySelect, QueryTrait};
    let units = course_unit::Entity::find().select_only().column(course_unit::Column::CourseId);
    let units = units.filter(course_unit::Column::UnitId.eq(id)).into_query();
    use course_prerequisite_course::Column;
    let required = course_prerequisite_course::Entity::find().select_only().column(Column::CourseId);
    let required = required.filter(Column::RequiredId.eq(id)).into_query();
    let named =
        Condition::any().add(course::Column::Id.in_subquery(units)).add(course::Column::Id.in_subquery(required));
    Ok(course::Entity::find().filter(named).all(tx).await?)
}

async fn difference(db: &impl ConnectionTrait, course: i64, links: &LinkSet) -> Result<Difference> {
    let mut difference = Difference::default();
    for (table, before, after) in links.changes(course) {
        let names = names(db, table.to, before.iter().chain(after).copied()).await?;
        let shown = |ids: &[i64]| json!(ids.iter().filter_map(|id| names.get(id)).collect::<Vec<_>>());
        difference.record(table.field, shown(before), shown(after));
    }
    Ok(difference)
}

/// Builds a change log entry without a public event: the public has never seen the course.
fn entry(context: &MutationContext<'_>, action: Action, row: &course::Model) -> Entry {
    Entry {
        actor: context.writer.actor.clone(),
        action,
        listing_type: ListingType::Course,
        listing_id: row.id,
        slug: row.slug.clone(),
        provider_id: Some(row.provider_id),
        event: None,
        fields: None,
    }
}
