//! Rows that the documents of courses are built from, loaded with three statements however many courses there are, and a
//! fourth if any of them has an outcome report.

use std::collections::HashMap;

use entity::*;
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    Statement,
};

use crate::database::{ids_parameter, ids_value, in_ids};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::outcome::ranking;

/// Everything that the index knows about one course.
pub(super) struct CourseRows {
    pub(super) course: course::Model,
    pub(super) associations: Associations,
    pub(super) offerings: Vec<offering::Model>,
    pub(super) rating: Option<course_rating::Model>,
    /// Employment rate that it is sorted by, in ten-thousandths of a percent.
    pub(super) employment: Option<i64>,
}

/// Links of a course and what belongs to it, in their order.
#[derive(Default)]
pub(super) struct Associations {
    /// Accepted partners.
    pub(super) partners: Vec<i64>,
    pub(super) subjects: Vec<i64>,
    pub(super) skills: Vec<i64>,
    pub(super) certifications: Vec<i64>,
    pub(super) careers: Vec<i64>,
    pub(super) required_courses: Vec<i64>,
    pub(super) required_skills: Vec<(i64, SkillLevel)>,
    pub(super) has_awards: bool,
    has_reports: bool,
    /// Kinds of the financing plans, with their rates in ten-thousandths of a percent.
    pub(super) plans: Vec<(FinancingKind, Option<i64>)>,
}

/// Rows of some published courses, by course.
pub(super) struct BatchRows {
    courses: HashMap<i64, (course::Model, Option<course_rating::Model>)>,
    associations: HashMap<i64, Associations>,
    offerings: HashMap<i64, Vec<offering::Model>>,
    employment: HashMap<i64, i64>,
}

/// Associations as rows of one shape: their kind, the course, a number, a text, and the place in its list.
const ASSOCIATIONS: [&str; 10] = [
    "'partner', course_id, provider_id, null, position from course_partner l where exists (select 1 from partnership p \
     where p.course_id = l.course_id and p.provider_id = l.provider_id and p.status = 'ACCEPTED') and course_id",
    "'subject', course_id, subject_id, null, position from course_subject where course_id",
    "'skill', course_id, skill_id, null, position from course_skill where course_id",
    "'certification', course_id, certification_id, null, position from course_certification where course_id",
    "'career', course_id, career_id, null, position from course_career where course_id",
    "'required course', course_id, required_id, null, position from course_prerequisite_course where course_id",
    "'required skill', course_id, skill_id, level, position from course_prerequisite_skill where course_id",
    "'award', course_id, null, null, position from award where course_id",
    "'plan', course_id, apr_percent_e4, kind, position from financing_plan where course_id",
    "'report', course_id, null, null, 0 from outcome_report where withdrawn_at is null and source_key is null and course_id",
];

#[derive(FromQueryResult)]
struct AssociationRow {
    kind: String,
    course_id: i64,
    number: Option<i64>,
    text: Option<String>,
}

impl Associations {
    fn add(&mut self, row: AssociationRow) -> Result<()> {
        let (id, text) = (row.number, row.text.unwrap_or_default());
        match row.kind.as_str() {
            "partner" => self.partners.extend(id),
            "subject" => self.subjects.extend(id),
            "skill" => self.skills.extend(id),
            "certification" => self.certifications.extend(id),
            "career" => self.careers.extend(id),
            "required course" => self.required_courses.extend(id),
            "required skill" => {
                let level = SkillLevel::try_from_value(&text)?;
                self.required_skills.extend(id.map(|skill| (skill, level)));
            }
            "plan" => self.plans.push((FinancingKind::try_from_value(&text)?, row.number)),
            "award" => self.has_awards = true,
            "report" => self.has_reports = true,
            other => return Err(AppError::internal(format!("a course has no {other}"))),
        }
        Ok(())
    }
}

async fn associations(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Associations>> {
    let backend = db.get_database_backend();
    let among = ids_parameter(backend, 1);
    // The first names the columns.
    let named = "select '' as kind, cast(0 as bigint) as course_id, cast(null as bigint) as number, \
                 cast(null as text) as text, 0 as position where 1 = 0";
    let selects = ASSOCIATIONS.map(|association| format!(" union all select {association} {among}"));
    let sql = format!("{named}{} order by position", selects.concat());
    let statement = Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids.to_vec())]);
    let mut associations: HashMap<i64, Associations> = HashMap::new();
    for row in AssociationRow::find_by_statement(statement).all(db).await? {
        associations.entry(row.course_id).or_default().add(row)?;
    }
    Ok(associations)
}

impl BatchRows {
    /// Loads the rows, with as many statements for one course as for a thousand.
    pub(super) async fn load(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Self> {
        use course::Column;
        let rating = course_rating::Entity::belongs_to(course::Entity)
            .from(course_rating::Column::CourseId)
            .to(Column::Id)
            .into();
        let courses = course::Entity::find().select_also(course_rating::Entity).join_rev(JoinType::LeftJoin, rating);
        let courses = courses.filter(in_ids(db, (course::Entity, Column::Id), ids.iter().copied()));
        let courses = courses.filter(Column::Status.eq(ListingStatus::Published)).all(db).await?;
        let ids: Vec<i64> = courses.iter().map(|(row, _)| row.id).collect();
        let offerings = offering::Entity::find();
        let offerings = offerings.filter(in_ids(db, offering::Column::CourseId, ids.iter().copied())).all(db).await?;
        let associations = associations(db, &ids).await?;
        let reported =
            associations.iter().filter(|(_, associations)| associations.has_reports).map(|(id, _)| *id).collect();
        Ok(Self {
            courses: courses.into_iter().map(|row| (row.0.id, row)).collect(),
            associations,
            offerings: grouped(offerings.into_iter().map(|row| (row.course_id, row))),
            employment: ranking::rates(db, reported).await?,
        })
    }

    /// Takes the rows of this course; `None` if it is not published.
    pub(super) fn take(&mut self, id: i64) -> Option<CourseRows> {
        let (course, rating) = self.courses.remove(&id)?;
        Some(CourseRows {
            course,
            associations: self.associations.remove(&id).unwrap_or_default(),
            offerings: self.offerings.remove(&id).unwrap_or_default(),
            rating,
            employment: self.employment.remove(&id),
        })
    }
}
