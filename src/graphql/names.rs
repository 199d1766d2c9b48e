//! Lists of the small tables: in the order of names, narrowed by a text and a condition.

use std::sync::Arc;

use async_graphql::Context;

use super::connection::Connection;
use super::context::InRequest;
use crate::dictionary::{Named, Table};
use crate::error::Result;
use crate::paging::cursor::Key;
use crate::paging::list::{Direction, Item, cut};
use crate::paging::page::PageArguments;
use crate::search::{self, DocKind};

/// What a row of a small table takes in a list, in units of work.
const ROW_WORK: u64 = 20;

/// A page of the rows that the text finds and that meet the condition, by name.
pub fn by_name<T: Named>(
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
