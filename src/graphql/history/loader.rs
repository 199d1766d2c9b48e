//! Pages of histories, newest change first.

use std::sync::Arc;

use async_graphql::Context;
use catalog::changelog::Action;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::error::{AppError, Result};
use entity::{ListingType, change};
use sea_orm::sea_query::{Alias, Asterisk, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, FromQueryResult, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::types::HistoryEntry;
use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Paged};
use crate::graphql::{connection, error};

const LIST: &str = "history";

/// Parameters of a page of history.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HistoryPage {
    listing: ListingType,
    after: Option<i64>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct HistoryRow {
    change: Arc<change::Model>,
    position: RowPosition,
}

/// Returns a page of the history of a listing, if the caller is a member of its provider or staff.
pub async fn history(
    ctx: &Context<'_>,
    provider: i64,
    listing: (ListingType, i64),
    page: PageArguments,
) -> Option<error::Result<connection::Connection<HistoryEntry>>> {
    if !ctx.caller().can_see_private(provider) {
        return None;
    }
    Some(page_of_history(ctx, listing, page).await.map(Into::into).map_err(Into::into))
}

async fn page_of_history(
    ctx: &Context<'_>,
    (listing, id): (ListingType, i64),
    page: PageArguments,
) -> Result<Connection<HistoryEntry>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(position).transpose()?;
    let rows = ctx.load((id, HistoryPage { listing, after, limit: page.limit })).await?.unwrap_or_default();
    let edge = |row: &HistoryRow| {
        let position = row.change.position;
        let cursor = Cursor { list: LIST.to_owned(), key: Key::Number(position), id: position };
        Some(Edge { cursor, node: HistoryEntry(row.change.clone()) })
    };
    Ok(page_of(&rows, |row| row.position, edge))
}

fn position(cursor: &Cursor) -> Result<i64> {
    match cursor.key {
        Key::Number(position) => Ok(position),
        Key::Absent | Key::Text(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Paged for HistoryPage {
    type Row = HistoryRow;

    fn select(&self, db: &ReadPool, listings: Vec<i64>) -> SelectStatement {
        let rows = Query::select()
            .column(Asterisk)
            .from(change::Entity)
            .and_where(change::Column::ListingType.eq(self.listing))
            .and_where(in_ids(db, change::Column::ListingId.as_column_ref(), listings))
            .and_where(change::Column::Action.is_not_in([Action::ReviewNote.name(), Action::ReviewRate.name()]))
            .take();
        let key = Expr::col(Alias::new("position"));
        let by = ListOrder { owner: "listing_id", key, id: "position", direction: Direction::Desc };
        let after = self.after.map(|position| (position.into(), position));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, HistoryRow)> {
        let change = Arc::new(change::Model::from_query_result(row, "")?);
        Ok((change.listing_id, HistoryRow { change, position: RowPosition::read(row)? }))
    }
}
