//! Keeps the search index in step with the database: builds its documents from rows, all of them or those that a change
//! in the log concerns. Does not belong here: how documents are searched and stored, and when the index is updated.

mod documents;

use std::collections::BTreeSet;

use entity::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use search::Index;

use crate::changelog::{LogEntry, LogPoint};
use crate::database::in_ids;
use crate::dictionary::Dictionary;
use crate::error::Result;
use crate::snapshot::Progress;

/// Number of courses read and written together, that is, in memory at a time.
const COURSES_PER_BATCH: usize = 1_000;

/// Fills an empty index from the database, which is at `point` or later. Anything written meanwhile comes after that
/// point in the log and is read again from there.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn build(
    index: &mut Index,
    db: &DatabaseConnection,
    dictionary: &Dictionary,
    point: LogPoint,
    progress: &Progress,
) -> Result<()> {
    use course::Column;
    let published = course::Entity::find().filter(Column::Status.eq(ListingStatus::Published));
    progress.begin(published.clone().count(db).await?);
    index.put_names(documents::names(dictionary, index.fields())).await?;
    let mut last = 0;
    loop {
        let ids = published.clone().select_only().column(Column::Id).filter(Column::Id.gt(last));
        let ids: Vec<i64> = ids.order_by_asc(Column::Id).limit(COURSES_PER_BATCH as u64).into_tuple().all(db).await?;
        let Some(end) = ids.last() else { break };
        put(index, db, dictionary, &ids).await?;
        progress.add(ids.len() as u64);
        last = *end;
    }
    Ok(index.commit(point).await?)
}

/// Applies these changes to the index in one commit. The last of them is at `point`.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn apply(
    index: &mut Index,
    db: &DatabaseConnection,
    dictionary: &Dictionary,
    changes: &[LogEntry],
    point: LogPoint,
) -> Result<()> {
    if changes.iter().any(|change| change.listing_type != ListingType::Course) {
        index.put_names(documents::names(dictionary, index.fields())).await?;
    }
    let courses: Vec<i64> = affected(db, dictionary, changes).await?.into_iter().collect();
    for ids in courses.chunks(COURSES_PER_BATCH) {
        put(index, db, dictionary, ids).await?;
    }
    Ok(index.commit(point).await?)
}

async fn put(index: &Index, db: &impl ConnectionTrait, dictionary: &Dictionary, ids: &[i64]) -> Result<()> {
    Ok(index.put_courses(documents::load(db, dictionary, index.fields(), ids).await?).await?)
}

/// Courses whose documents depend on the changes.
async fn affected(db: &DatabaseConnection, dictionary: &Dictionary, changes: &[LogEntry]) -> Result<BTreeSet<i64>> {
    let of = |kind: ListingType| changes.iter().filter(move |change| change.listing_type == kind).map(|c| c.listing_id);
    let providers: Vec<i64> = of(ListingType::Provider).collect();
    // An issuer determines whether its certifications are public.
    let issued = providers.iter().filter_map(|id| dictionary.certifications_of_issuer.get(id)).flatten().copied();
    let certifications: Vec<i64> = of(ListingType::Certification).chain(issued).collect();
    let careers: Vec<i64> = of(ListingType::Career).collect();
    // A taxonomy change does not tell whether it concerns a skill or a subject.
    let taxonomy: Vec<i64> = of(ListingType::Taxonomy).collect();
    let mut courses: BTreeSet<i64> = of(ListingType::Course).collect();
    macro_rules! linked {
        ($($table:ident.$link:ident = $ids:ident => $course:ident;)+) => {$(
            let (link, course) = ($table::Column::$link, $table::Column::$course);
            courses.extend(linked::<$table::Entity>(db, link, course, &$ids).await?);
        )+};
    }
    linked! {
        course.ProviderId = providers => Id;
        course_partner.ProviderId = providers => CourseId;
        course_certification.CertificationId = certifications => CourseId;
        course_career.CareerId = careers => CourseId;
        course_skill.SkillId = taxonomy => CourseId;
        course_subject.SubjectId = taxonomy => CourseId;
    }
    Ok(courses)
}

/// Courses that a table links to any of these IDs.
async fn linked<E: EntityTrait>(
    db: &DatabaseConnection,
    link: E::Column,
    course: E::Column,
    ids: &[i64],
) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = E::find().select_only().column(course).filter(in_ids(db, link, ids.iter().copied()));
    Ok(rows.into_tuple().all(db).await?)
}
