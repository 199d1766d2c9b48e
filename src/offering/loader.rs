//! Loading pages of offerings: one window-function statement for all courses that ask for the same page.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use entity::offering;
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QueryResult, Statement, Value};

use super::types::Offering;
use crate::course::Course;
use crate::database::{ids_parameter, ids_value, in_ids};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::graphql::connection::{Connection, Edge};
use crate::graphql::context::InRequest;
use crate::graphql::loaders::{Load, Rows};
use crate::paging::cursor::{Cursor, Key};
use crate::paging::page::PageArguments;

/// The first and the last day that both databases can hold; the last is what an offering on demand sorts by.
#[allow(clippy::unwrap_used, reason = "checked when it is compiled")]
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
#[allow(clippy::unwrap_used, reason = "checked when it is compiled")]
const ON_DEMAND: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
const LIST: &str = "offerings";

/// The row of an offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct OfferingId(i64);

/// Which page of a course's offerings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PageOf {
    /// Only those that start on this day or later, or on demand.
    from: Option<NaiveDate>,
    /// Only those after this start and id.
    after: Option<(Option<NaiveDate>, i64)>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct Row {
    row: Arc<offering::Model>,
    /// Its place among all of the list, from 1.
    place: i64,
    /// How many of the list stand up to the cursor.
    before: i64,
    total: i64,
}

/// A page of a course's offerings.
pub async fn offerings(
    ctx: &Context<'_>,
    course: i64,
    upcoming: bool,
    page: PageArguments,
) -> Result<Connection<Offering>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(place_of).transpose()?;
    let today = ctx.request().now.date_naive();
    let of = PageOf { from: upcoming.then_some(today), after, limit: page.limit };
    let rows = ctx.load((course, of)).await?.unwrap_or_default();
    // The first of the list always comes, also where the page is empty: it tells how many there are.
    let (before, total) = rows.first().map_or((0, 0), |row| (row.before, row.total));
    let shown: Vec<_> = rows.iter().filter(|row| row.place > before).collect();
    Ok(Connection {
        has_next: shown.last().is_some_and(|row| row.place < total),
        has_previous: before > 0,
        total: total.unsigned_abs() as usize,
        edges: shown.into_iter().map(edge).collect(),
    })
}

/// The next chance to take a course.
pub async fn next_offering(ctx: &Context<'_>, course: i64) -> Result<Option<Offering>> {
    let of = PageOf { from: Some(ctx.request().now.date_naive()), after: None, limit: 1 };
    let rows = ctx.load((course, of)).await?.unwrap_or_default();
    Ok(rows.into_iter().next().map(|row| Offering(row.row)))
}

/// The offering of this row, where everyone may see its course.
pub async fn load_offering(ctx: &Context<'_>, id: i64) -> Result<Option<Offering>> {
    let Some(row) = ctx.load(OfferingId(id)).await? else { return Ok(None) };
    let course = Course::load(ctx, row.course_id).await?;
    Ok(course.map(|_| Offering(row)))
}

fn edge(row: &Row) -> Edge<Offering> {
    let key = row.row.starts_on.map_or(Key::Absent, |date| Key::Text(date.to_string()));
    Edge { cursor: Cursor { list: LIST.to_owned(), key, id: row.row.id }, node: Offering(row.row.clone()) }
}

fn place_of(cursor: &Cursor) -> Result<(Option<NaiveDate>, i64)> {
    let date = match &cursor.key {
        Key::Absent => None,
        Key::Text(date) => Some(date.parse().map_err(|_| AppError::input("after", "is not a cursor of this list"))?),
        Key::Number(_) => return Err(AppError::input("after", "is not a cursor of this list")),
    };
    Ok((date, cursor.id))
}

impl Loader<OfferingId> for Rows {
    type Value = Arc<offering::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[OfferingId]) -> Result<HashMap<OfferingId, Arc<offering::Model>>> {
        let ids = in_ids(&self.0, (offering::Entity, offering::Column::Id), keys.iter().map(|key| key.0));
        let rows = offering::Entity::find().filter(ids).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (OfferingId(row.id), Arc::new(row))).collect())
    }
}

impl Loader<(i64, PageOf)> for Rows {
    type Value = Vec<Row>;
    type Error = AppError;

    async fn load(&self, keys: &[(i64, PageOf)]) -> Result<HashMap<(i64, PageOf), Vec<Row>>> {
        let pages = grouped(keys.iter().map(|(course, page)| (page, *course)));
        let mut found = HashMap::new();
        for (page, courses) in pages {
            let rows = self.page(page, courses).await?;
            found.extend(grouped(rows.into_iter().map(|row| ((row.row.course_id, page.clone()), row))));
        }
        Ok(found)
    }
}

impl Rows {
    async fn page(&self, page: &PageOf, courses: Vec<i64>) -> Result<Vec<Row>> {
        use sea_orm::ConnectionTrait;
        let backend = self.0.get_database_backend();
        let ids = ids_parameter(backend, 1);
        // `place` and `total` are counted over all offerings that the list holds, `before` are those up to the cursor.
        let sql = format!(
            "select * from (select o.*, row_number() over of_course as place, count(*) over (partition by course_id) as total, \
             sum(case when coalesce(starts_on, $2) < $3 or (coalesce(starts_on, $2) = $3 and id <= $4) then 1 else 0 end) \
             over (partition by course_id) as before \
             from offering o where course_id {ids} and (starts_on is null or starts_on >= $5) \
             window of_course as (partition by course_id order by coalesce(starts_on, $2), id)) as o \
             where place = 1 or (place > before and place <= before + $6) order by course_id, place"
        );
        let (date, id) = page.after.map_or((FIRST_DAY, 0), |(date, id)| (date.unwrap_or(ON_DEMAND), id));
        let from = page.from.unwrap_or(FIRST_DAY);
        let limit = page.limit as i64;
        let values: [Value; 6] =
            [ids_value(backend, courses), ON_DEMAND.into(), date.into(), id.into(), from.into(), limit.into()];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let rows = self.0.query_all_raw(statement).await?;
        rows.iter().map(Row::read).collect()
    }
}

impl Row {
    fn read(result: &QueryResult) -> Result<Self> {
        Ok(Self {
            row: Arc::new(offering::Model::from_query_result(result, "")?),
            place: result.try_get("", "place")?,
            before: result.try_get("", "before")?,
            total: result.try_get("", "total")?,
        })
    }
}
