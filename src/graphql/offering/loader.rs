//! Loads pages of offerings: one window-function statement for all courses that ask for the same page.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::error::{AppError, Result};
use chrono::NaiveDate;
use entity::offering;
use sea_orm::sea_query::{Asterisk, Condition, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::types::Offering;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::loaders::{Load, Paged, Rows};

/// Latest day that both databases can store. Offerings on demand sort by it, and so come last.
#[allow(clippy::unwrap_used, reason = "checked when it is compiled")]
const ON_DEMAND: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
const LIST: &str = "offerings";

/// Key for loading the row of an offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct OfferingId(i64);

/// A page of a course's offerings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OfferingPage {
    /// Keeps only offerings that start on this day or later, or are on demand.
    from: Option<NaiveDate>,
    /// Keeps only offerings with free places whose application deadline is not before `from`.
    is_open: bool,
    /// Start and ID of the offering after which the page begins.
    after: Option<(Option<NaiveDate>, i64)>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct OfferingRow {
    row: Arc<offering::Model>,
    position: RowPosition,
}

/// Loads a page of a course's offerings.
pub async fn offerings(
    ctx: &Context<'_>,
    course: i64,
    upcoming: bool,
    page: PageArguments,
) -> Result<Connection<Offering>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(cursor_position).transpose()?;
    let today = ctx.request().now.date_naive();
    let of = OfferingPage { from: upcoming.then_some(today), is_open: false, after, limit: page.limit };
    let rows = ctx.load((course, of)).await?.unwrap_or_default();
    Ok(page_of(&rows, |row| row.position, |row| Some(edge(row))))
}

/// Loads the next offering of a course that one can still join.
pub async fn next_offering(ctx: &Context<'_>, course: i64) -> Result<Option<Offering>> {
    let of = OfferingPage { from: Some(ctx.request().now.date_naive()), is_open: true, after: None, limit: 1 };
    let rows = ctx.load((course, of)).await?.unwrap_or_default();
    Ok(rows.into_iter().next().map(|row| Offering(row.row)))
}

/// Loads an offering if the caller may see its course.
pub async fn load_offering(ctx: &Context<'_>, id: i64) -> Result<Option<Offering>> {
    let Some(row) = ctx.load(OfferingId(id)).await? else { return Ok(None) };
    let course = Course::load(ctx, row.course_id).await?;
    Ok(course.map(|_| Offering(row)))
}

fn edge(row: &OfferingRow) -> Edge<Offering> {
    let key = row.row.starts_on.map_or(Key::Absent, |date| Key::Text(date.to_string()));
    Edge { cursor: Cursor { list: LIST.to_owned(), key, id: row.row.id }, node: Offering(row.row.clone()) }
}

fn cursor_position(cursor: &Cursor) -> Result<(Option<NaiveDate>, i64)> {
    let date = match &cursor.key {
        Key::Absent => None,
        Key::Text(date) => Some(date.parse().map_err(|_| AppError::input("after", "is not a cursor of this list"))?),
        Key::Number(_) => return Err(AppError::input("after", "is not a cursor of this list")),
    };
    Ok((date, cursor.id))
}

#[async_graphql::async_trait::async_trait]
impl Loader<OfferingId> for Rows {
    type Value = Arc<offering::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[OfferingId]) -> Result<HashMap<OfferingId, Arc<offering::Model>>> {
        let ids = in_ids(&self.0, (offering::Entity, offering::Column::Id), keys.iter().map(|key| key.0));
        let rows = offering::Entity::find().filter(ids).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (OfferingId(row.id), Arc::new(row))).collect())
    }
}

impl Paged for OfferingPage {
    type Row = OfferingRow;

    fn select(&self, db: &ReadPool, courses: Vec<i64>) -> SelectStatement {
        let starts = || Expr::col(offering::Column::StartsOn);
        let mut rows = Query::select()
            .column(Asterisk)
            .from(offering::Entity)
            .and_where(in_ids(db, offering::Column::CourseId.as_column_ref(), courses))
            .take();
        if let Some(from) = self.from {
            rows.cond_where(Condition::any().add(starts().is_null()).add(starts().gte(from)));
            if self.is_open {
                let deadline = || Expr::col(offering::Column::ApplyBy);
                rows.cond_where(Condition::any().add(deadline().is_null()).add(deadline().gte(from)));
                let seats = || Expr::col(offering::Column::SeatsLeft);
                rows.cond_where(Condition::any().add(seats().is_null()).add(seats().gt(0)));
            }
        }
        let key = Func::coalesce([starts(), Expr::value(ON_DEMAND)]).into();
        let by = ListOrder { owner: "course_id", key, id: "id", direction: Direction::Asc };
        let after = self.after.map(|(date, id)| (date.unwrap_or(ON_DEMAND).into(), id));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, OfferingRow)> {
        let (position, row) = (RowPosition::read(row)?, Arc::new(offering::Model::from_query_result(row, "")?));
        Ok((row.course_id, OfferingRow { row, position }))
    }
}
