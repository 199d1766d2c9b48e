//! Loaders of the child rows of a course: awards, financing plans and required skills. Each loads the rows of all
//! courses with one statement.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{award, course_prerequisite_skill, financing_plan};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use crate::graphql::loaders::Rows;

macro_rules! child_rows {
    ($($(#[$doc:meta])* $key:ident of $table:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub i64);

        #[async_graphql::async_trait::async_trait]
        impl Loader<$key> for Rows {
            type Value = Vec<$table::Model>;
            type Error = AppError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Vec<$table::Model>>> {
                let column = ($table::Entity, $table::Column::CourseId);
                let ids = in_ids(&self.0, column, keys.iter().map(|key| key.0));
                let rows = $table::Entity::find().filter(ids).order_by_asc($table::Column::Position);
                Ok(grouped(rows.all(&self.0).await?.into_iter().map(|row| ($key(row.course_id), row))))
            }
        }
    )+};
}

child_rows! {
    /// Key for loading the awards of a course.
    AwardsOf of award;
    /// Key for loading the financing plans of a course.
    FinancingOf of financing_plan;
    /// Key for loading the required skills of a course.
    RequiredSkillsOf of course_prerequisite_skill;
}
