//! What courses are linked to: all kinds of links that are asked for at once come by one statement.

use std::collections::HashMap;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::database::{ids_parameter, ids_value};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::graphql::loaders::{Load, Rows};

/// A kind of link, from a course to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// Who else stands behind it.
    Partner,
    /// What it is about.
    Subject,
    /// What it teaches.
    Skill,
    /// What must be taken before it.
    Required,
    /// What it is made of.
    Unit,
    /// What it is a part of.
    PartOf,
    /// What it prepares for.
    Certification,
    /// What it leads to.
    Career,
}

impl Link {
    /// The table, the column of the course and the column of the target.
    fn table(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Link::Partner => ("course_partner", "course_id", "provider_id"),
            Link::Subject => ("course_subject", "course_id", "subject_id"),
            Link::Skill => ("course_skill", "course_id", "skill_id"),
            Link::Required => ("course_prerequisite_course", "course_id", "required_id"),
            Link::Unit => ("course_unit", "course_id", "unit_id"),
            Link::PartOf => ("course_unit", "unit_id", "course_id"),
            Link::Certification => ("course_certification", "course_id", "certification_id"),
            Link::Career => ("course_career", "course_id", "career_id"),
        }
    }
}

/// The ids that a course is linked to, in the listing's own order.
pub async fn linked(ctx: &Context<'_>, link: Link, course: i64) -> Result<Vec<i64>> {
    Ok(ctx.load((link, course)).await?.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct Row {
    link: i32,
    course: i64,
    target: i64,
    position: i32,
}

impl Loader<(Link, i64)> for Rows {
    type Value = Vec<i64>;
    type Error = AppError;

    async fn load(&self, keys: &[(Link, i64)]) -> Result<HashMap<(Link, i64), Vec<i64>>> {
        let mut wanted: Vec<(Link, Vec<i64>)> = grouped(keys.iter().copied()).into_iter().collect();
        wanted.sort();
        let statement = statement(&self.0, &wanted);
        let mut rows = Row::find_by_statement(statement).all(&self.0).await?;
        rows.sort_by_key(|row| (row.position, row.target));
        let of = |row: &Row| wanted.get(usize::try_from(row.link).ok()?).map(|(link, _)| (*link, row.course));
        Ok(grouped(rows.iter().filter_map(|row| Some((of(row)?, row.target)))))
    }
}

/// One branch of a union for each kind of link; `link` is its place in `wanted`.
fn statement(db: &impl ConnectionTrait, wanted: &[(Link, Vec<i64>)]) -> Statement {
    let backend = db.get_database_backend();
    let branch = |(place, (link, _)): (usize, &(Link, Vec<i64>))| {
        let (table, course, target) = link.table();
        let ids = ids_parameter(backend, place + 1);
        format!(
            "select {place} as link, {course} as course, {target} as target, position from {table} where {course} {ids}"
        )
    };
    let sql = wanted.iter().enumerate().map(branch).collect::<Vec<_>>().join(" union all ");
    Statement::from_sql_and_values(backend, sql, wanted.iter().map(|(_, ids)| ids_value(backend, ids.clone())))
}
