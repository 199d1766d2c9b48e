//! The query `course`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, OneofObject};
use catalog::database::Database;

use super::loader::{by_slug, is_visible};
use super::types::Course;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_of};

/// Identifies a course by ID, or by its current or an earlier slug.
#[derive(Debug, OneofObject)]
pub enum CourseBy {
    /// Global ID of the course.
    Id(ID),
    /// Current or earlier slug of the course.
    Slug(String),
}

/// Queries of single courses.
#[derive(Default)]
pub struct CourseQuery;

/// Queries of single courses.
#[Object]
impl CourseQuery {
    /// Returns a course by ID or slug, retired courses included. Null if there is no such course, or if you may not see
    /// it.
    async fn course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID or slug of the course.")] by: CourseBy,
    ) -> Option<Result<Course>> {
        find(ctx, by).await.transpose()
    }
}

async fn find(ctx: &Context<'_>, by: CourseBy) -> Result<Option<Course>> {
    match by {
        CourseBy::Id(id) => match row_of(NodeKind::Course, "by.id", &id)? {
            Some(id) => Ok(Course::load(ctx, id).await?),
            None => Ok(None),
        },
        CourseBy::Slug(slug) => {
            let description = ctx.look_ahead().field("description").exists();
            let row = by_slug(&ctx.data_unchecked::<Database>().read, &slug, description).await?;
            Ok(row.filter(|row| is_visible(ctx, row)).map(Arc::new).map(Course))
        }
    }
}
