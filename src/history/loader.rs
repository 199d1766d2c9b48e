//! Pages of histories, the newest change first.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::{ListingType, change};
use sea_orm::sea_query::{Alias, Asterisk, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryResult};

use super::types::HistoryEntry;
use crate::changelog::{NOTED, RATED};
use crate::database::in_ids;
use crate::database::pages::{Place, Sorted, page_of, pages};
use crate::dictionary::grouped;
use crate::error::{AppError, Result};
use crate::graphql::connection::{Connection, Edge};
use crate::graphql::context::InRequest;
use crate::graphql::loaders::{Load, Rows};
use crate::paging::cursor::{Cursor, Key};
use crate::paging::list::Direction;
use crate::paging::page::PageArguments;

const LIST: &str = "history";

/// Which page of a listing's history.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PageOf {
    listing: ListingType,
    after: Option<i64>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct Row {
    change: Arc<change::Model>,
    place: Place,
}

/// A page of the history of a listing of this provider, for those who see its inside.
pub async fn history(
    ctx: &Context<'_>,
    provider: i64,
    listing: (ListingType, i64),
    page: PageArguments,
) -> Option<Result<Connection<HistoryEntry>>> {
    if !ctx.caller().sees_inside(provider) {
        return None;
    }
    Some(page_of_history(ctx, listing, page).await)
}

async fn page_of_history(
    ctx: &Context<'_>,
    (listing, id): (ListingType, i64),
    page: PageArguments,
) -> Result<Connection<HistoryEntry>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(position).transpose()?;
    let rows = ctx.load((id, PageOf { listing, after, limit: page.limit })).await?.unwrap_or_default();
    let edge = |row: &Row| {
        let position = row.change.position;
        let cursor = Cursor { list: LIST.to_owned(), key: Key::Number(position), id: position };
        Some(Edge { cursor, node: HistoryEntry(row.change.clone()) })
    };
    Ok(page_of(&rows, |row| row.place, edge))
}

fn position(cursor: &Cursor) -> Result<i64> {
    match cursor.key {
        Key::Number(position) => Ok(position),
        Key::Absent | Key::Text(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Loader<(i64, PageOf)> for Rows {
    type Value = Vec<Row>;
    type Error = AppError;

    async fn load(&self, keys: &[(i64, PageOf)]) -> Result<HashMap<(i64, PageOf), Vec<Row>>> {
        let mut found = HashMap::new();
        for (page, listings) in grouped(keys.iter().map(|(listing, page)| (page, *listing))) {
            let rows = self.history(page, listings).await?;
            found.extend(grouped(rows.into_iter().map(|row| ((row.change.listing_id, page.clone()), row))));
        }
        Ok(found)
    }
}

impl Rows {
    async fn history(&self, page: &PageOf, listings: Vec<i64>) -> Result<Vec<Row>> {
        let rows = Query::select()
            .column(Asterisk)
            .from(change::Entity)
            .and_where(change::Column::ListingType.eq(page.listing))
            .and_where(in_ids(&self.0, change::Column::ListingId.as_column_ref(), listings))
            .and_where(change::Column::Action.is_not_in([NOTED, RATED]))
            .take();
        let key = Expr::col(Alias::new("position"));
        let by = Sorted { owner: "listing_id", key, id: "position", direction: Direction::Desc };
        let after = page.after.map(|position| (position.into(), position));
        let statement = self.0.get_database_backend().build(&pages(rows, by, after, page.limit));
        let read = |row: &QueryResult| {
            Ok(Row { change: Arc::new(change::Model::from_query_result(row, "")?), place: Place::read(row)? })
        };
        self.0.query_all_raw(statement).await?.iter().map(read).collect()
    }
}
