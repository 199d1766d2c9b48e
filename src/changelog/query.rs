//! The change log as queries.

use async_graphql::{Context, Object};
use entity::change::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::types::{Change, ChangeConnection, ChangeEdge, LIST, cursor};
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::enums::ListingType;
use crate::paging::cursor::{Cursor, Key};
use crate::paging::page::PageArguments;

/// Queries on the change log.
#[derive(Default)]
pub struct ChangelogQuery;

/// Queries on the change log.
#[Object]
impl ChangelogQuery {
    /// What became public, changed or left, in the order in which it happened. Whoever follows it misses nothing: take
    /// catalogueCursor, read what there is, then ask for the changes after it, over and over with pageInfo.endCursor.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those after this position; from the beginning where it is not given.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only listings of these types.")] types: Option<Vec<ListingType>>,
        #[graphql(desc = "Only listings of the provider of this slug, and itself.")] provider: Option<String>,
    ) -> Result<ChangeConnection> {
        let page = PageArguments::forward(first, after).check(LIST)?;
        let head = ctx.snapshot().position;
        let after = match &page.after {
            Some(cursor) => position(ctx, cursor, head).await?,
            None => 0,
        };
        let provider = provider.map(|slug| ctx.dictionary().providers.id_of(&slug));
        let mut rows = match provider {
            Some(None) => Vec::new(),
            provider => read(ctx, (after, head), types, provider.flatten(), page.limit + 1).await?,
        };
        let has_next = rows.len() > page.limit;
        rows.truncate(page.limit);
        let reached = rows.last().filter(|_| has_next).map_or(head.max(after), |row| row.position);
        let changes = rows.into_iter().filter_map(shown).map(ChangeEdge).collect();
        Ok(ChangeConnection { changes, reached, has_next, has_previous: after > 0 })
    }

    /// The log's position now: take it, read the whole catalogue, then follow changes(after:) from here.
    async fn catalogue_cursor(&self, ctx: &Context<'_>) -> String {
        cursor(ctx.snapshot().position).encode()
    }
}

/// The position of a cursor. One beyond what this process has seen may come from another process that is ahead; one
/// beyond the log itself comes from another catalogue, whose follower would miss all that is to come.
async fn position(ctx: &Context<'_>, cursor: &Cursor, head: i64) -> Result<i64> {
    let forged = || AppError::input("after", "is not a cursor of this list in this order");
    let Key::Number(position @ 0..) = cursor.key else { return Err(forged()) };
    let is_known = position <= head || position <= super::head(&ctx.data_unchecked::<Database>().read).await?.position;
    if is_known { Ok(position) } else { Err(forged()) }
}

/// Changes that the public saw, after one position and up to that of the request's snapshot, so that the listings in
/// the same answer are never older than the changes that it names.
async fn read(
    ctx: &Context<'_>,
    (after, head): (i64, i64),
    types: Option<Vec<ListingType>>,
    provider: Option<i64>,
    limit: usize,
) -> Result<Vec<change::Model>> {
    let mut rows = change::Entity::find()
        .filter(Column::Position.gt(after))
        .filter(Column::Position.lte(head))
        .filter(Column::Event.is_not_null());
    if let Some(types) = types {
        rows = rows.filter(Column::ListingType.is_in(types.into_iter().map(entity::ListingType::from)));
    }
    if let Some(provider) = provider {
        rows = rows.filter(Column::ProviderId.eq(provider));
    }
    let db = &ctx.data_unchecked::<Database>().read;
    Ok(rows.order_by_asc(Column::Position).limit(limit as u64).all(db).await?)
}

/// The change as the public sees it; the taxonomy's changes are for the server alone.
fn shown(row: change::Model) -> Option<Change> {
    let kind = row.event?.into();
    let listing = match row.listing_type {
        entity::ListingType::Course => ListingType::Course,
        entity::ListingType::Provider => ListingType::Provider,
        entity::ListingType::Certification => ListingType::Certification,
        entity::ListingType::Career => ListingType::Career,
        entity::ListingType::Taxonomy => return None,
    };
    Some(Change { row, kind, listing })
}
