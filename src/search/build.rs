//! Bringing the index up: whole from the database, or change by change from the log. What must not go in: what the
//! documents say, and how they are kept.

use std::collections::BTreeSet;

use entity::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::Index;
use super::documents;
use crate::changelog::{LogEntry, LogPoint};
use crate::database::in_ids;
use crate::dictionary::Dictionary;
use crate::error::Result;
use crate::snapshot::Progress;

/// Courses that are read and written together: this many are in memory at a time.
const COURSES_PER_BATCH: usize = 1_000;

/// Fills an empty index from the database, which has got at least to `point`. What is written meanwhile comes
/// after that point in the log, and is read again from there.
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
    index.commit(point).await
}

/// Brings the index up to these changes, the last of which is at `point`, in one commit.
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
    index.commit(point).await
}

async fn put(index: &Index, db: &impl ConnectionTrait, dictionary: &Dictionary, ids: &[i64]) -> Result<()> {
    index.put_courses(documents::load(db, dictionary, index.fields(), ids).await?).await
}

/// The courses whose documents say something of what has changed.
async fn affected(db: &DatabaseConnection, dictionary: &Dictionary, changes: &[LogEntry]) -> Result<BTreeSet<i64>> {
    let of = |kind: ListingType| changes.iter().filter(move |change| change.listing_type == kind).map(|c| c.listing_id);
    let providers: Vec<i64> = of(ListingType::Provider).collect();
    // Whether a certification is shown depends on its issuer.
    let issued = providers.iter().filter_map(|id| dictionary.certifications_of_issuer.get(id)).flatten().copied();
    let certifications: Vec<i64> = of(ListingType::Certification).chain(issued).collect();
    let careers: Vec<i64> = of(ListingType::Career).collect();
    // A change of the taxonomy does not say whether it is of a skill or of a subject.
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

/// The courses that a table links with any of these ids.
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
