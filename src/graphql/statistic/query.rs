//! Queries for statistics.

use async_graphql::{Context, Object};
use search::paging::cursor::Key;
use search::paging::list::{Direction, Item, cut};
use search::paging::page::PageArguments;

use super::inputs::StatisticFilter;
use super::types::Statistic;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::course::id_of_slug;
use crate::graphql::error::Result;

/// Queries for statistics.
#[derive(Default)]
pub struct StatisticQuery;

/// Queries for statistics.
#[Object]
impl StatisticQuery {
    /// Returns published statistics, ordered by metric and then newest first.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions that the statistics must meet.")] filter: Option<StatisticFilter>,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Connection<Statistic>> {
        let page = PageArguments::forward(first, after).check("statistics")?;
        let filter = filter.unwrap_or_default();
        let course = match &filter.course {
            Some(slug) => id_of_slug(ctx, slug).await?,
            None => None,
        };
        let dictionary = ctx.dictionary();
        let rows = dictionary.statistics.iter().filter(|row| filter.holds(dictionary, course, row));
        let items = rows.map(|row| Item { key: sort_key(row), id: row.id, node: Statistic(row.clone()) });
        Ok(cut("statistics", &page, Direction::Asc, items.collect()).into())
    }
}

/// Sort key of a statistic: metric, then newest first.
fn sort_key(row: &entity::statistic::Model) -> Key {
    let date = row.as_of.as_ref().or(row.period_end.as_ref()).map_or("", String::as_str);
    // Digits are replaced by their complement so that later dates sort first. The trailing mark sorts a date before a
    // less precise one, and statistics without a date last.
    let turn = |c: char| c.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(c);
    let turned: String = date.chars().map(turn).collect();
    Key::Text(format!("{:02} {turned}~", row.metric as u8))
}
