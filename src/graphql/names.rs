//! Lists from the dictionary: sorted by name, filtered by a text and a predicate.

use std::sync::Arc;

use async_graphql::Context;
use catalog::dictionary::{NamedEntity, Table};
use catalog::error::Result;
use search::DocKind;
use search::paging::Connection;
use search::paging::cursor::Key;
use search::paging::list::{Direction, Item, cut};
use search::paging::page::PageArguments;

use super::context::ContextExt;

/// Work units charged per row of the table.
const ROW_WORK: u64 = 20;

/// Returns a page of the rows that match the text and the predicate, sorted by name.
pub fn by_name<T: NamedEntity>(
    ctx: &Context<'_>,
    list: &str,
    arguments: PageArguments,
    table: &Table<T>,
    text: Option<(DocKind, &str)>,
    keep: impl Fn(&T) -> bool,
) -> Result<Connection<Arc<T>>> {
    let page = arguments.check(list)?;
    let search = ctx.search();
    let found = text.map(|(kind, text)| search::names::ids(search, kind, text)).transpose()?;
    search.charge(table.in_order().len() as u64 * ROW_WORK)?;
    let rows = table.in_order().iter().filter(|(_, row)| found.as_ref().is_none_or(|ids| ids.contains_key(&row.id())));
    let rows = rows.filter(|(_, row)| keep(row));
    let items = rows.map(|(name, row)| Item { key: Key::Text(name.clone()), id: row.id(), node: row.clone() });
    Ok(cut(list, &page, Direction::Asc, items.collect()))
}
