//! All listings of a provider, drafts too, as its members see them: read from the database, since the index holds what
//! the public finds.

use std::collections::HashMap;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::{ListingStatus, course};
use sea_orm::sea_query::{Query, Value};
use sea_orm::{ColumnTrait, ConnectionTrait};

use super::types::Course;
use crate::database::pages::{Place, Sorted, page_of, pages};
use crate::database::{in_ids, sort_key};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::graphql::connection::{Connection, Edge};
use crate::graphql::loaders::{Load, Rows};
use crate::paging::cursor::{Cursor, Key};
use crate::paging::list::Direction;
use crate::paging::page::PageArguments;

const LIST: &str = "listings";

/// Which page of a provider's listings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PageOf {
    status: Option<Vec<ListingStatus>>,
    after: Option<(String, i64)>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct Row {
    provider: i64,
    id: i64,
    key: String,
    place: Place,
}

/// A page of a provider's listings by title. Whether the one who asks may see them is the caller's to say first.
pub async fn listings(
    ctx: &Context<'_>,
    provider: i64,
    status: Option<Vec<ListingStatus>>,
    page: PageArguments,
) -> Result<Connection<Course>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(place_of).transpose()?;
    let rows = ctx.load((provider, PageOf { status, after, limit: page.limit })).await?.unwrap_or_default();
    let courses = Course::load_many(ctx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let courses: HashMap<i64, Course> = courses.into_iter().map(|course| (course.0.id, course)).collect();
    let edge = |row: &Row| {
        let cursor = Cursor { list: LIST.to_owned(), key: Key::Text(row.key.clone()), id: row.id };
        Some(Edge { cursor, node: courses.get(&row.id)?.clone() })
    };
    Ok(page_of(&rows, |row| row.place, edge))
}

fn place_of(cursor: &Cursor) -> Result<(String, i64)> {
    match &cursor.key {
        Key::Text(title) => Ok((title.clone(), cursor.id)),
        Key::Absent | Key::Number(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Loader<(i64, PageOf)> for Rows {
    type Value = Vec<Row>;
    type Error = AppError;

    async fn load(&self, keys: &[(i64, PageOf)]) -> Result<HashMap<(i64, PageOf), Vec<Row>>> {
        let mut found = HashMap::new();
        for (page, providers) in grouped(keys.iter().map(|(provider, page)| (page, *provider))) {
            let rows = self.listings(page, providers).await?;
            found.extend(grouped(rows.into_iter().map(|row| ((row.provider, page.clone()), row))));
        }
        Ok(found)
    }
}

impl Rows {
    async fn listings(&self, page: &PageOf, providers: Vec<i64>) -> Result<Vec<Row>> {
        let db = &self.0;
        let mut rows = Query::select();
        rows.columns([course::Column::Id, course::Column::ProviderId]).from(course::Entity).and_where(in_ids(
            db,
            course::Column::ProviderId.as_column_ref(),
            providers,
        ));
        if let Some(status) = &page.status {
            rows.and_where(course::Column::Status.is_in(status.iter().copied()));
        }
        let by = Sorted { owner: "provider_id", key: sort_key(db, "title"), id: "id", direction: Direction::Asc };
        let after = page.after.clone().map(|(title, id)| (Value::from(title), id));
        let statement = db.get_database_backend().build(&pages(rows, by, after, page.limit));
        let read = |row: &sea_orm::QueryResult| {
            let place = Place::read(row)?;
            let (provider, id) = (row.try_get("", "provider_id")?, row.try_get("", "id")?);
            Ok(Row { provider, id, key: row.try_get("", "list_key")?, place })
        };
        db.query_all_raw(statement).await?.iter().map(read).collect()
    }
}
