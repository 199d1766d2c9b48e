//! The query that compares courses.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object};

use super::types::CourseComparison;
use crate::course::Course;
use crate::error::{AppError, Result};
use crate::graphql::ids::{NodeKind, row_of};

/// Courses that are compared at once: what fits beside each other on a page.
const FEWEST: usize = 2;
const MOST: usize = 6;

/// Queries that compare.
#[derive(Default)]
pub struct ComparisonQuery;

/// Queries that compare.
#[Object]
impl ComparisonQuery {
    /// Courses side by side, in the same units: what they say to every criterion, and whose value is the better one.
    async fn compare_courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which courses: 2 to 6, each another one.")] ids: Vec<ID>,
    ) -> Result<CourseComparison> {
        let rows = different(&ids)?;
        let found = Course::load_many(ctx, &rows).await?;
        let found: HashMap<i64, Course> = found.into_iter().map(|course| (course.0.id, course)).collect();
        let course = |(place, row): (usize, &i64)| {
            let missing = || AppError::input(format!("ids.{place}"), "is the id of no course");
            found.get(row).cloned().ok_or_else(missing)
        };
        rows.iter().enumerate().map(course).collect::<Result<_>>().map(CourseComparison)
    }
}

/// The rows of ids that name different courses, as many as can be compared.
fn different(ids: &[ID]) -> Result<Vec<i64>> {
    if ids.len() < FEWEST {
        return Err(AppError::input("ids", format!("must name at least {FEWEST} courses")));
    }
    if ids.len() > MOST {
        return Err(AppError::input("ids", format!("must name at most {MOST} courses")));
    }
    let mut rows: Vec<i64> = Vec::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        let at = format!("ids.{place}");
        let row = row_of(NodeKind::Course, &at, id)?;
        let row = row.ok_or_else(|| AppError::input(&at, "is the id of no course"))?;
        if let Some(first) = rows.iter().position(|other| *other == row) {
            return Err(AppError::input(&at, format!("is the same course as ids.{first}")));
        }
        rows.push(row);
    }
    Ok(rows)
}
