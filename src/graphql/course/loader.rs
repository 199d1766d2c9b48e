//! Loads courses: rows by ID without descriptions, and descriptions separately when they are requested.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::course::service::is_public;
use catalog::database::{Database, in_ids};
use catalog::dictionary::Dictionary;
use catalog::error::{AppError, Result};
use catalog::values::is_slug;
use entity::course::{self, Column, Entity, Model};
use entity::{ListingStatus, course_slug};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect, Select};

use crate::graphql::context::ContextExt;
use crate::graphql::loaders::Rows;

/// Key for loading the row of a course without its description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CourseId(pub i64);

/// Key for loading the description of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DescriptionOf(pub i64);

/// Selects all columns but the description: wide rows are far more expensive than narrow ones.
fn narrow() -> Select<Entity> {
    let columns = Column::iter().filter(|column| !matches!(column, Column::Description));
    Entity::find().select_only().columns(columns).expr_as(Expr::cust("null"), "description")
}

#[async_graphql::async_trait::async_trait]
impl Loader<CourseId> for Rows {
    type Value = Arc<Model>;
    type Error = AppError;

    async fn load(&self, keys: &[CourseId]) -> Result<HashMap<CourseId, Arc<Model>>> {
        let ids = in_ids(&self.0, (Entity, Column::Id), keys.iter().map(|key| key.0));
        let rows = narrow().filter(ids).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (CourseId(row.id), Arc::new(row))).collect())
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<DescriptionOf> for Rows {
    /// Shared, because descriptions are long and every alias of the field returns one.
    type Value = Arc<str>;
    type Error = AppError;

    async fn load(&self, keys: &[DescriptionOf]) -> Result<HashMap<DescriptionOf, Arc<str>>> {
        let ids = in_ids(&self.0, (Entity, Column::Id), keys.iter().map(|key| key.0));
        let texts = Entity::find().select_only().columns([Column::Id, Column::Description]);
        let texts = texts.filter(ids).filter(Column::Description.is_not_null());
        let texts: Vec<(i64, String)> = texts.into_tuple().all(&self.0).await?;
        Ok(texts.into_iter().map(|(id, text)| (DescriptionOf(id), text.into())).collect())
    }
}

/// Finds a course by its current or an earlier slug, optionally with its description.
pub async fn by_slug(db: &impl ConnectionTrait, slug: &str, description: bool) -> Result<Option<Model>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    let find = || if description { Entity::find() } else { narrow() };
    if let Some(row) = find().filter(Column::Slug.eq(slug)).one(db).await? {
        return Ok(Some(row));
    }
    let Some(old) = course_slug::Entity::find_by_id(slug).one(db).await? else { return Ok(None) };
    Ok(find().filter(Column::Id.eq(old.course_id)).one(db).await?)
}

/// Finds the ID of a course by its current or an earlier slug.
pub async fn id_of_slug(ctx: &Context<'_>, slug: &str) -> Result<Option<i64>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    let db = &ctx.data_unchecked::<Database>().read;
    Ok(course_slug::Entity::find_by_id(slug).one(db).await?.map(|row| row.course_id))
}

/// Whether the caller can see the course by ID and slug.
pub fn is_visible(ctx: &Context<'_>, row: &course::Model) -> bool {
    let provider = ctx.dictionary().providers.get(row.provider_id);
    provider.is_some_and(|provider| is_public(row, provider.row.status))
        || ctx.caller().can_see_private(row.provider_id)
}

/// Whether the course appears in lists and searches.
pub fn is_listed(row: &course::Model, dictionary: &Dictionary) -> bool {
    row.status == ListingStatus::Published && dictionary.providers.get(row.provider_id).is_some_and(|p| p.is_listed())
}
