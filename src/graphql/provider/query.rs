//! Queries for providers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::{Context, Object};
use catalog::dictionary;
use catalog::error::AppError;
use catalog::rating::{score, sum_of_stars};
use search::facets::providers_teaching;
use search::paging::cursor::Key;
use search::paging::list::{Item, sorted};
use search::paging::page::PageArguments;
use search::{CourseCounts, DocKind};

use super::inputs::{ProviderBy, ProviderFilter, ProviderOrder, ProviderOrderField};
use super::types::Provider;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Direction;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_of};

/// Cost of a provider in a list, in units of work.
const ROW_WORK: u64 = 40;

/// Queries for providers.
#[derive(Default)]
pub struct ProviderQuery;

/// Queries for providers.
#[Object]
impl ProviderQuery {
    /// Returns a provider by ID or slug, whether ACTIVE, PAUSED or CLOSED. A PENDING or REJECTED provider is returned
    /// to its members and staff only. Null if no such provider is visible.
    async fn provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID or slug of the provider.")] by: ProviderBy,
    ) -> Option<Result<Provider>> {
        let row = match by {
            ProviderBy::Id(id) => row_of(NodeKind::Provider, "by.id", &id),
            ProviderBy::Slug(slug) => Ok(ctx.dictionary().providers.id_of(&slug)),
        };
        let found = row.map(|row| row.and_then(|id| Provider::visible(ctx, id)));
        found.map_err(Into::into).transpose()
    }

    /// Returns ACTIVE providers. Staff can filter for other statuses too, but `query` finds ACTIVE providers only.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Search text, at most 200 characters. Returns only matching items.")] query: Option<String>,
        #[graphql(desc = "Conditions that the providers must meet.")] filter: Option<ProviderFilter>,
        #[graphql(
            desc = "Order of the providers. Defaults to RELEVANCE if there is a `query`, and to NAME otherwise."
        )]
        order_by: Option<ProviderOrder>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Provider>> {
        let order = order(order_by, query.is_some())?;
        let list = list_name(&order);
        let page = PageArguments { first, after, last, before }.check(&list)?;
        let search = ctx.search();
        let figures = search.course_counts();
        search.charge(ctx.dictionary().providers.in_order().len() as u64 * ROW_WORK)?;
        let found = query.as_deref().map(|text| search::names::ids(search, DocKind::Provider, text)).transpose()?;
        let filter = filter.unwrap_or_default();
        let skills = filter.skill.as_ref().map(|slugs| {
            let skills = &ctx.dictionary().skills;
            providers_teaching(search, &slugs.iter().filter_map(|slug| skills.id_of(slug)).collect::<Vec<_>>())
        });
        let teaching = skills.transpose()?;
        let rows = listed(ctx, figures, &filter, teaching.as_ref());
        let rows = rows.filter(|(_, row)| found.as_ref().is_none_or(|found| found.contains_key(&row.row.id)));
        let courses = |row: &dictionary::Provider| figures.courses(search.fields.provider, row.row.id);
        let key = |name: &String, row: &dictionary::Provider| key(courses(row), found.as_ref(), order.field, name, row);
        let items = rows.map(|(name, row)| Item { key: key(name, row), id: row.row.id, node: Provider(row.clone()) });
        Ok(sorted(&list, &page, order.direction.into(), items.collect()).into())
    }
}

/// Name of the list in cursors, which clients keep.
fn list_name(order: &ProviderOrder) -> String {
    let field = match order.field {
        ProviderOrderField::Relevance => "Relevance",
        ProviderOrderField::Name => "Name",
        ProviderOrderField::Rating => "Rating",
        ProviderOrderField::CourseCount => "CourseCount",
    };
    let direction = match order.direction {
        Direction::Asc => "Asc",
        Direction::Desc => "Desc",
    };
    format!("providers:{field}:{direction}")
}

fn order(asked: Option<ProviderOrder>, has_query: bool) -> Result<ProviderOrder> {
    use ProviderOrderField::{Name, Relevance};
    match asked {
        Some(ProviderOrder { field: Relevance, .. }) if !has_query => {
            Err(AppError::input("orderBy.field", "RELEVANCE needs a query").into())
        }
        Some(order) => Ok(order),
        None if has_query => Ok(ProviderOrder { field: Relevance, direction: Direction::Desc }),
        None => Ok(ProviderOrder { field: Name, direction: Direction::Asc }),
    }
}

fn listed<'a>(
    ctx: &'a Context<'_>,
    figures: &'a CourseCounts,
    filter: &'a ProviderFilter,
    teaching: Option<&'a BTreeSet<i64>>,
) -> impl Iterator<Item = &'a (String, Arc<dictionary::Provider>)> {
    let (dictionary, caller) = (ctx.dictionary(), ctx.caller());
    // Without a status filter, staff get the same list as everyone else.
    let everything = filter.status.is_some() && caller.is_staff();
    let waits = |row: &dictionary::Provider| row.name_request.is_some() && caller.can_see_private(row.row.id);
    dictionary.providers.in_order().iter().filter(move |(_, row)| {
        (everything || row.is_listed())
            && filter.name_requested.is_none_or(|wanted| wanted == waits(row))
            && filter.kind.as_ref().is_none_or(|any| any.contains(&row.row.kind.into()))
            && filter.status.as_ref().is_none_or(|any| any.contains(&row.row.status.into()))
            && filter.country.as_ref().is_none_or(|any| {
                row.locations.iter().any(|place| any.iter().any(|country| place.country.as_ref() == Some(&country.0)))
            })
            && filter.format.as_ref().is_none_or(|any| {
                let stored: Vec<entity::Format> = any.iter().map(|format| (*format).into()).collect();
                (row.row.formats | figures.formats(row.row.id)) & entity::mask(&stored) != 0
            })
            && teaching.is_none_or(|teaching| teaching.contains(&row.row.id))
    })
}

fn key(
    courses: u64,
    found: Option<&HashMap<i64, f32>>,
    field: ProviderOrderField,
    name: &str,
    row: &dictionary::Provider,
) -> Key {
    // A cursor can only hold whole numbers exactly, so scores are compared as integers.
    let whole = |score: f64| Key::Number((score * 1e9) as i64);
    match field {
        ProviderOrderField::Name => Key::Text(name.to_owned()),
        ProviderOrderField::CourseCount => Key::Number(i64::try_from(courses).unwrap_or(i64::MAX)),
        ProviderOrderField::Rating => {
            let rating = row.rating.as_ref();
            let stars = rating.map(|r| (r.count, sum_of_stars([r.stars1, r.stars2, r.stars3, r.stars4, r.stars5])));
            stars.and_then(|(count, sum)| score(count, sum)).map_or(Key::Absent, whole)
        }
        ProviderOrderField::Relevance => {
            found.and_then(|found| found.get(&row.row.id)).map_or(Key::Absent, |score| whole(f64::from(*score)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Direction::*;
    use super::ProviderOrderField::*;
    use super::{ProviderOrder, list_name};

    #[test]
    fn the_names_in_cursors_stay() {
        let orders = [(Relevance, Desc), (Name, Asc), (Rating, Desc), (CourseCount, Asc)];
        assert_eq!(
            orders.map(|(field, direction)| list_name(&ProviderOrder { field, direction })),
            ["providers:Relevance:Desc", "providers:Name:Asc", "providers:Rating:Desc", "providers:CourseCount:Asc"]
        );
    }
}
