//! Rows that the documents of courses are built from.

use std::collections::{HashMap, HashSet};

use entity::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::database::in_ids;
use crate::dictionary::grouped;
use crate::error::Result;
use crate::outcome::ranking;

/// Everything that the index knows about one course.
pub(super) struct CourseRows {
    pub(super) course: course::Model,
    pub(super) partners: Vec<i64>,
    pub(super) subjects: Vec<i64>,
    pub(super) skills: Vec<i64>,
    pub(super) required: Vec<course_prerequisite_skill::Model>,
    pub(super) required_courses: Vec<i64>,
    pub(super) certifications: Vec<i64>,
    pub(super) careers: Vec<i64>,
    pub(super) awarded: bool,
    pub(super) plans: Vec<financing_plan::Model>,
    pub(super) offerings: Vec<offering::Model>,
    pub(super) rating: Option<course_rating::Model>,
    /// Employment rate that it is sorted by, in ten-thousandths of a percent.
    pub(super) employment: Option<i64>,
}

/// Rows of some published courses, grouped by kind and course.
pub(super) struct BatchRows {
    courses: HashMap<i64, course::Model>,
    partners: HashMap<i64, Vec<i64>>,
    subjects: HashMap<i64, Vec<i64>>,
    skills: HashMap<i64, Vec<i64>>,
    required: HashMap<i64, Vec<course_prerequisite_skill::Model>>,
    required_courses: HashMap<i64, Vec<i64>>,
    certifications: HashMap<i64, Vec<i64>>,
    careers: HashMap<i64, Vec<i64>>,
    awards: HashMap<i64, Vec<i32>>,
    plans: HashMap<i64, Vec<financing_plan::Model>>,
    offerings: HashMap<i64, Vec<offering::Model>>,
    ratings: HashMap<i64, Vec<course_rating::Model>>,
    employment: HashMap<i64, i64>,
}

/// Loads two columns of rows that belong to some courses: the course and a value.
macro_rules! pairs {
    ($db:ident, $ids:ident, $table:ident.$column:ident) => {{
        use $table::Column;
        let query = $table::Entity::find().select_only().columns([Column::CourseId, Column::$column]);
        let query = query.filter(in_ids($db, Column::CourseId, $ids.iter().copied())).order_by_asc(Column::Position);
        grouped(query.into_tuple().all($db).await?)
    }};
}

/// Loads complete rows that belong to some courses.
macro_rules! whole {
    ($db:ident, $ids:ident, $table:ident) => {{
        let query = $table::Entity::find().filter(in_ids($db, $table::Column::CourseId, $ids.iter().copied()));
        grouped(query.all($db).await?.into_iter().map(|row| (row.course_id, row)))
    }};
}

/// Accepted partners of each course.
async fn partners(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Vec<i64>>> {
    let named: HashMap<i64, Vec<i64>> = pairs!(db, ids, course_partner.ProviderId);
    use partnership::Column;
    let agreed = partnership::Entity::find().select_only().columns([Column::CourseId, Column::ProviderId]);
    let agreed = agreed.filter(in_ids(db, Column::CourseId, ids.iter().copied()));
    let agreed: Vec<(i64, i64)> =
        agreed.filter(Column::Status.eq(PartnershipStatus::Accepted)).into_tuple().all(db).await?;
    let agreed: HashSet<(i64, i64)> = agreed.into_iter().collect();
    let kept = named.into_iter().map(|(course, mut partners)| {
        partners.retain(|partner| agreed.contains(&(course, *partner)));
        (course, partners)
    });
    Ok(kept.collect())
}

impl BatchRows {
    /// Loads the rows, with as many statements for one course as for a thousand.
    pub(super) async fn load(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Self> {
        use course::Column;
        let courses = course::Entity::find().filter(in_ids(db, Column::Id, ids.iter().copied()));
        let courses = courses.filter(Column::Status.eq(ListingStatus::Published)).all(db).await?;
        let ids: Vec<i64> = courses.iter().map(|row| row.id).collect();
        Ok(Self {
            courses: courses.into_iter().map(|row| (row.id, row)).collect(),
            partners: partners(db, &ids).await?,
            subjects: pairs!(db, ids, course_subject.SubjectId),
            skills: pairs!(db, ids, course_skill.SkillId),
            required: whole!(db, ids, course_prerequisite_skill),
            required_courses: pairs!(db, ids, course_prerequisite_course.RequiredId),
            certifications: pairs!(db, ids, course_certification.CertificationId),
            careers: pairs!(db, ids, course_career.CareerId),
            awards: pairs!(db, ids, award.Position),
            plans: whole!(db, ids, financing_plan),
            offerings: whole!(db, ids, offering),
            ratings: whole!(db, ids, course_rating),
            employment: ranking::rates(db, ids).await?,
        })
    }

    /// Takes the rows of this course; `None` if it is not published.
    pub(super) fn take(&mut self, id: i64) -> Option<CourseRows> {
        Some(CourseRows {
            course: self.courses.remove(&id)?,
            partners: self.partners.remove(&id).unwrap_or_default(),
            subjects: self.subjects.remove(&id).unwrap_or_default(),
            skills: self.skills.remove(&id).unwrap_or_default(),
            required: self.required.remove(&id).unwrap_or_default(),
            required_courses: self.required_courses.remove(&id).unwrap_or_default(),
            certifications: self.certifications.remove(&id).unwrap_or_default(),
            careers: self.careers.remove(&id).unwrap_or_default(),
            awarded: self.awards.contains_key(&id),
            plans: self.plans.remove(&id).unwrap_or_default(),
            offerings: self.offerings.remove(&id).unwrap_or_default(),
            rating: self.ratings.remove(&id).and_then(|mut rows| rows.pop()),
            employment: self.employment.remove(&id),
        })
    }
}
