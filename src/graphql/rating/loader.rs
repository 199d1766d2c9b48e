//! Loader for ratings: one statement for all courses and one for all providers.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::error::{AppError, Result};
use entity::{course_rating, provider_rating};
use sea_orm::{EntityTrait, QueryFilter};

use super::types::RatingSummary;
use crate::graphql::loaders::Rows;

/// Owner of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RatingOf {
    /// Course.
    Course(i64),
    /// Provider; its rating covers all its courses.
    Provider(i64),
}

impl Loader<RatingOf> for Rows {
    type Value = RatingSummary;
    type Error = AppError;

    async fn load(&self, keys: &[RatingOf]) -> Result<HashMap<RatingOf, RatingSummary>> {
        let mut found = HashMap::new();
        let courses = keys.iter().filter_map(|key| if let RatingOf::Course(id) = key { Some(*id) } else { None });
        let providers = keys.iter().filter_map(|key| if let RatingOf::Provider(id) = key { Some(*id) } else { None });
        if let ids @ [_, ..] = &*courses.collect::<Vec<_>>() {
            let condition = in_ids(&self.0, (course_rating::Entity, course_rating::Column::CourseId), ids.to_vec());
            let rows = course_rating::Entity::find().filter(condition).all(&self.0).await?;
            found.extend(rows.into_iter().map(|row| (RatingOf::Course(row.course_id), row.into())));
        }
        if let ids @ [_, ..] = &*providers.collect::<Vec<_>>() {
            let column = (provider_rating::Entity, provider_rating::Column::ProviderId);
            let rows =
                provider_rating::Entity::find().filter(in_ids(&self.0, column, ids.to_vec())).all(&self.0).await?;
            found.extend(rows.into_iter().map(|row| (RatingOf::Provider(row.provider_id), row.into())));
        }
        Ok(found)
    }
}
