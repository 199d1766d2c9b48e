//! Looking up a course.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, OneofObject};

use super::loader::{by_slug, is_visible};
use super::types::Course;
use crate::database::Database;
use crate::error::Result;
use crate::graphql::ids::{NodeKind, row_of};

/// Which course: by its id or by any slug that it has or had.
#[derive(Debug, OneofObject)]
pub enum CourseBy {
    /// Its global id.
    Id(ID),
    /// Its slug, an old one too.
    Slug(String),
}

/// Queries on a course.
#[derive(Default)]
pub struct CourseQuery;

/// Queries on a course.
#[Object]
impl CourseQuery {
    /// One course, also a retired one; null where there is none.
    async fn course(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: CourseBy) -> Option<Result<Course>> {
        find(ctx, by).await.transpose()
    }
}

async fn find(ctx: &Context<'_>, by: CourseBy) -> Result<Option<Course>> {
    match by {
        CourseBy::Id(id) => match row_of(NodeKind::Course, "by.id", &id)? {
            Some(id) => Course::load(ctx, id).await,
            None => Ok(None),
        },
        CourseBy::Slug(slug) => {
            let description = ctx.look_ahead().field("description").exists();
            let row = by_slug(&ctx.data_unchecked::<Database>().read, &slug, description).await?;
            Ok(row.filter(|row| is_visible(ctx, row)).map(Arc::new).map(Course))
        }
    }
}
