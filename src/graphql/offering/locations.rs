//! Locations of courses, loaded with one statement for all of them.

use std::collections::{BTreeSet, HashMap};

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use chrono::NaiveDate;
use entity::{course, offering};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Rows};

/// Key for loading the locations of the offerings of a course that start on this day or later, or are on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct LocationsOf(i64, NaiveDate);

/// Location of an offering, as far as it is stated.
#[derive(FromQueryResult)]
struct LocationRow {
    course_id: i64,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
}

/// Locations of a course, without duplicates and in alphabetical order: those of its upcoming offerings, or those of
/// its provider if it has none.
pub async fn locations(ctx: &Context<'_>, course: &course::Model) -> Result<BTreeSet<String>> {
    let today = ctx.request().now.date_naive();
    let found = match ctx.load(LocationsOf(course.id, today)).await? {
        Some(locations) => locations,
        None => of_provider(ctx, course.provider_id),
    };
    Ok(found.into_iter().flatten().collect())
}

fn of_provider(ctx: &Context<'_>, provider: i64) -> Vec<Option<String>> {
    let provider = ctx.dictionary().providers.get(provider);
    let locations = provider.map(|provider| provider.locations.clone()).unwrap_or_default();
    locations.into_iter().map(|row| in_words([row.city, row.region, row.country])).collect()
}

/// Formats a location. `None` if nothing of it is stated.
fn in_words(parts: [Option<String>; 3]) -> Option<String> {
    let words: Vec<String> = parts.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[async_graphql::async_trait::async_trait]
impl Loader<LocationsOf> for Rows {
    type Value = Vec<Option<String>>;
    type Error = AppError;

    async fn load(&self, keys: &[LocationsOf]) -> Result<HashMap<LocationsOf, Vec<Option<String>>>> {
        use offering::Column;
        let mut found = HashMap::new();
        // All keys of a request have the same day.
        for (day, courses) in grouped(keys.iter().map(|key| (key.1, key.0))) {
            let upcoming = Condition::any().add(Column::StartsOn.is_null()).add(Column::StartsOn.gte(day));
            let columns = [Column::CourseId, Column::City, Column::Region, Column::Country];
            let rows = offering::Entity::find().select_only().columns(columns).distinct();
            let rows = rows.filter(in_ids(&self.0, (offering::Entity, Column::CourseId), courses)).filter(upcoming);
            let rows = rows.into_model::<LocationRow>().all(&self.0).await?.into_iter();
            found.extend(grouped(
                rows.map(|row| (LocationsOf(row.course_id, day), in_words([row.city, row.region, row.country]))),
            ));
        }
        Ok(found)
    }
}
