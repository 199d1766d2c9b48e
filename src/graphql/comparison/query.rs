//! The query `compareCourses`.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object};
use catalog::error::AppError;

use super::rows::CourseComparison;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_of};

/// Number of courses in a comparison: as many as fit side by side on a page.
const MIN_COURSES: usize = 2;
const MAX_COURSES: usize = 6;

/// The comparison query.
#[derive(Default)]
pub struct ComparisonQuery;

#[Object]
impl ComparisonQuery {
    /// Compares courses side by side: their values for every criterion in the same units, and which value is best.
    async fn compare_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global IDs of 2 to 6 courses. An unknown or repeated ID is the error BAD_USER_INPUT.")]
        ids: Vec<ID>,
    ) -> Result<CourseComparison> {
        let rows = distinct_rows(&ids)?;
        let found = Course::load_many(ctx, &rows).await?;
        let found: HashMap<i64, Course> = found.into_iter().map(|course| (course.0.id, course)).collect();
        let course = |(index, row): (usize, &i64)| {
            let missing = || AppError::input(format!("ids.{index}"), "is the id of no course");
            found.get(row).cloned().ok_or_else(missing)
        };
        let courses = rows.iter().enumerate().map(course).collect::<Result<_, AppError>>()?;
        Ok(CourseComparison(courses))
    }
}

/// Converts IDs to rows. They must be distinct, and neither too few nor too many.
fn distinct_rows(ids: &[ID]) -> Result<Vec<i64>> {
    if ids.len() < MIN_COURSES {
        return Err(AppError::input("ids", format!("must name at least {MIN_COURSES} courses")).into());
    }
    if ids.len() > MAX_COURSES {
        return Err(AppError::input("ids", format!("must name at most {MAX_COURSES} courses")).into());
    }
    let mut rows: Vec<i64> = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let at = format!("ids.{index}");
        let row = row_of(NodeKind::Course, &at, id)?;
        let row = row.ok_or_else(|| AppError::input(&at, "is the id of no course"))?;
        if let Some(first) = rows.iter().position(|other| *other == row) {
            return Err(AppError::input(&at, format!("is the same course as ids.{first}")).into());
        }
        rows.push(row);
    }
    Ok(rows)
}
