//! Queries on statistics.

use async_graphql::{Context, Object};

use super::inputs::StatisticFilter;
use super::types::Statistic;
use crate::course::id_of_slug;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::paging::cursor::Key;
use crate::paging::list::{Direction, Item, cut};
use crate::paging::page::PageArguments;

/// Queries on statistics.
#[derive(Default)]
pub struct StatisticQuery;

/// Queries on statistics.
#[Object]
impl StatisticQuery {
    /// Published figures, by metric and then newest first.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<StatisticFilter>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Statistic>> {
        let page = PageArguments::forward(first, after).check("statistics")?;
        let filter = filter.unwrap_or_default();
        let course = match &filter.course {
            Some(slug) => id_of_slug(ctx, slug).await?,
            None => None,
        };
        let dictionary = ctx.dictionary();
        let rows = dictionary.statistics.iter().filter(|row| filter.holds(dictionary, course, row));
        let items = rows.map(|row| Item { key: place(row), id: row.id, node: Statistic(row.clone()) });
        Ok(cut("statistics", &page, Direction::Asc, items.collect()))
    }
}

/// A key in whose order statistics stand: the metric, then the newest first.
fn place(row: &entity::statistic::Model) -> Key {
    let date = row.as_of.as_ref().or(row.period_end.as_ref()).map_or("", String::as_str);
    // Later dates must sort first, so each digit is turned into its complement; the mark at the end puts a date before
    // a less precise one, and those without a date last.
    let turn = |c: char| c.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(c);
    let turned: String = date.chars().map(turn).collect();
    Key::Text(format!("{:02} {turned}~", row.metric as u8))
}
