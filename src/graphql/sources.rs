//! Which documents vouch for a listing: one statement for everything that asks.

use std::collections::HashMap;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::citation::{self, Column};
use sea_orm::{Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Rows};
use crate::graphql::shapes::Source;

/// What sources are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum SourcesOf {
    Provider(i64),
    Course(i64),
    Certification(i64),
    Career(i64),
    CareerLevel(i64),
    Statistic(i64),
}

/// The sources of something, in its own order.
pub async fn sources(ctx: &Context<'_>, of: SourcesOf) -> Result<Vec<Source>> {
    let ids = ctx.load(of).await?.unwrap_or_default();
    let known = &ctx.dictionary().sources;
    Ok(ids.iter().filter_map(|id| known.get(id).cloned()).map(Source::from).collect())
}

impl SourcesOf {
    fn column(self) -> (Column, i64) {
        match self {
            SourcesOf::Provider(id) => (Column::ProviderId, id),
            SourcesOf::Course(id) => (Column::CourseId, id),
            SourcesOf::Certification(id) => (Column::CertificationId, id),
            SourcesOf::Career(id) => (Column::CareerId, id),
            SourcesOf::CareerLevel(id) => (Column::CareerLevelId, id),
            SourcesOf::Statistic(id) => (Column::StatisticId, id),
        }
    }

    fn cited_by(row: &citation::Model) -> Option<Self> {
        let of = [
            row.provider_id.map(SourcesOf::Provider),
            row.course_id.map(SourcesOf::Course),
            row.certification_id.map(SourcesOf::Certification),
            row.career_id.map(SourcesOf::Career),
            row.career_level_id.map(SourcesOf::CareerLevel),
            row.statistic_id.map(SourcesOf::Statistic),
        ];
        of.into_iter().flatten().next()
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<SourcesOf> for Rows {
    type Value = Vec<i64>;
    type Error = AppError;

    async fn load(&self, keys: &[SourcesOf]) -> Result<HashMap<SourcesOf, Vec<i64>>> {
        let kinds = grouped(keys.iter().map(|key| (std::mem::discriminant(key), key.column())));
        let any = kinds.into_values().filter_map(|columns| Some((columns.first()?.0, columns))).fold(
            Condition::any(),
            |any, (column, ids)| {
                any.add(in_ids(&self.0, (citation::Entity, column), ids.into_iter().map(|(_, id)| id)))
            },
        );
        let rows = citation::Entity::find().filter(any).order_by_asc(Column::Position).all(&self.0).await?;
        Ok(grouped(rows.iter().filter_map(|row| Some((SourcesOf::cited_by(row)?, row.source_id)))))
    }
}
