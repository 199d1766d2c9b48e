//! Queries for statistics.

use async_graphql::{Context, InputObject, Object};
use catalog::dictionary::Dictionary;
use entity::statistic;
use search::paging::cursor::Key;
use search::paging::list::{Direction, Item, cut};
use search::paging::page::PageArguments;

use super::types::Statistic;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::course::id_of_slug;
use crate::graphql::enums::{CourseKind, StatisticMetric};
use crate::graphql::error::Result;

/// Conditions on statistics. A statistic must meet every condition that is given; a condition on something it does not
/// state is not met.
#[derive(Debug, Default, InputObject)]
pub struct StatisticFilter {
    /// Metrics, any of which may be measured.
    metric: Option<Vec<StatisticMetric>>,
    /// Slug of the career that the statistic is about.
    career: Option<String>,
    /// Slug of the course that the statistic is about.
    course: Option<String>,
    /// Slug of the provider that the statistic is about.
    provider: Option<String>,
    /// Kind of course that the statistic is about.
    course_kind: Option<CourseKind>,
    /// Exact name of the publisher.
    publisher: Option<String>,
}

impl StatisticFilter {
    /// Whether a statistic meets the filter. `course` is the row ID that the course slug resolves to.
    fn holds(&self, dictionary: &Dictionary, course: Option<i64>, row: &statistic::Model) -> bool {
        let speaks_of = |slug: &Option<String>, id: Option<i64>, found: Option<i64>| {
            slug.is_none() || (id.is_some() && id == found)
        };
        let career = self.career.as_ref().and_then(|slug| dictionary.careers.id_of(slug));
        let provider = self.provider.as_ref().and_then(|slug| dictionary.providers.id_of(slug));
        self.metric.as_ref().is_none_or(|any| any.contains(&row.metric.into()))
            && speaks_of(&self.career, row.career_id, career)
            && speaks_of(&self.course, row.course_id, course)
            && speaks_of(&self.provider, row.provider_id, provider)
            && self.course_kind.is_none_or(|kind| row.course_kind == Some(kind.into()))
            && (self.publisher.is_none() || self.publisher == row.publisher)
    }
}

/// Queries for statistics.
#[derive(Default)]
pub struct StatisticQuery;

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
fn sort_key(row: &statistic::Model) -> Key {
    let date = row.as_of.as_ref().or(row.period_end.as_ref()).map_or("", String::as_str);
    // Digits are replaced by their complement so that later dates sort first. The trailing mark sorts a date before a
    // less precise one, and statistics without a date last.
    let turn = |c: char| c.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(c);
    let turned: String = date.chars().map(turn).collect();
    Key::Text(format!("{:02} {turned}~", row.metric as u8))
}
