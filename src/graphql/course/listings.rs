//! Listings of a provider for its members, drafts included. They are read from the database, because the index holds
//! public courses only.

use std::collections::HashMap;

use async_graphql::Context;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids, sort_key};
use catalog::error::{AppError, Result};
use entity::{ListingStatus, course};
use sea_orm::sea_query::{Query, SelectStatement, Value};
use sea_orm::{ColumnTrait, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::types::Course;
use crate::graphql::loaders::{Load, Paged};

const LIST: &str = "listings";

/// A page of a provider's listings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ListingPage {
    status: Option<Vec<ListingStatus>>,
    after: Option<(String, i64)>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct ListingRow {
    id: i64,
    key: String,
    position: RowPosition,
}

/// Loads a page of a provider's listings, sorted by title. The caller must check first who may see them.
pub async fn listings(
    ctx: &Context<'_>,
    provider: i64,
    status: Option<Vec<ListingStatus>>,
    page: PageArguments,
) -> Result<Connection<Course>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(cursor_position).transpose()?;
    let rows = ctx.load((provider, ListingPage { status, after, limit: page.limit })).await?.unwrap_or_default();
    let courses = Course::load_many(ctx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let courses: HashMap<i64, Course> = courses.into_iter().map(|course| (course.0.id, course)).collect();
    let edge = |row: &ListingRow| {
        let cursor = Cursor { list: LIST.to_owned(), key: Key::Text(row.key.clone()), id: row.id };
        Some(Edge { cursor, node: courses.get(&row.id)?.clone() })
    };
    Ok(page_of(&rows, |row| row.position, edge))
}

fn cursor_position(cursor: &Cursor) -> Result<(String, i64)> {
    match &cursor.key {
        Key::Text(title) => Ok((title.clone(), cursor.id)),
        Key::Absent | Key::Number(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Paged for ListingPage {
    type Row = ListingRow;

    fn select(&self, db: &ReadPool, providers: Vec<i64>) -> SelectStatement {
        let mut rows = Query::select();
        rows.columns([course::Column::Id, course::Column::ProviderId]).from(course::Entity).and_where(in_ids(
            db,
            course::Column::ProviderId.as_column_ref(),
            providers,
        ));
        if let Some(status) = &self.status {
            rows.and_where(course::Column::Status.is_in(status.iter().copied()));
        }
        let by = ListOrder { owner: "provider_id", key: sort_key(db, "title"), id: "id", direction: Direction::Asc };
        let after = self.after.clone().map(|(title, id)| (Value::from(title), id));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, ListingRow)> {
        let (provider, id) = (row.try_get("", "provider_id")?, row.try_get("", "id")?);
        Ok((provider, ListingRow { id, key: row.try_get("", "list_key")?, position: RowPosition::read(row)? }))
    }
}
