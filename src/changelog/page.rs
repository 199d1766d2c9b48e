//! A piece of the log as the public sees it: what `changes` and `catalogueChanged` have in common.

use async_graphql::Context;
use entity::change::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::types::Change;
use crate::database::Database;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::enums::ListingType;
use crate::paging::cursor::{Cursor, Key};

/// Which changes are asked for.
pub(super) struct Asked {
    /// Only listings of these types.
    pub(super) types: Option<Vec<ListingType>>,
    /// Only listings of the provider of this slug, and itself.
    pub(super) provider: Option<String>,
}

/// What was found.
pub(super) struct Found {
    /// The changes, in the order of the log.
    pub(super) changes: Vec<Change>,
    /// The position up to which nothing is left out.
    pub(super) reached: i64,
    /// Whether there are more after it.
    pub(super) has_next: bool,
}

/// The position of a cursor. One beyond what this process has seen may come from another process that is ahead; one
/// beyond the log itself comes from another catalogue, whose follower would miss all that is to come.
pub(super) async fn position(ctx: &Context<'_>, cursor: &Cursor) -> Result<i64> {
    let forged = || AppError::input("after", "is not a cursor of this list in this order");
    let Key::Number(position @ 0..) = cursor.key else { return Err(forged()) };
    let is_known = position <= ctx.snapshot().position
        || position <= super::head(&ctx.data_unchecked::<Database>().primary).await?.position;
    if is_known { Ok(position) } else { Err(forged()) }
}

/// Changes that the public saw, after one position and up to that of the request's snapshot, so that the listings in
/// the same answer are never older than the changes that it names.
pub(super) async fn read(ctx: &Context<'_>, after: i64, asked: &Asked, limit: usize) -> Result<Found> {
    let head = ctx.snapshot().position;
    let provider = asked.provider.as_ref().map(|slug| ctx.dictionary().providers.id_of(slug));
    let mut rows = match provider {
        Some(None) => Vec::new(),
        provider => rows(ctx, (after, head), asked.types.as_deref(), provider.flatten(), limit + 1).await?,
    };
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let reached = rows.last().filter(|_| has_next).map_or(head.max(after), |row| row.position);
    Ok(Found { changes: rows.into_iter().filter_map(shown).collect(), reached, has_next })
}

async fn rows(
    ctx: &Context<'_>,
    (after, head): (i64, i64),
    types: Option<&[ListingType]>,
    provider: Option<i64>,
    limit: usize,
) -> Result<Vec<change::Model>> {
    let mut rows = change::Entity::find()
        .filter(Column::Position.gt(after))
        .filter(Column::Position.lte(head))
        .filter(Column::Event.is_not_null());
    if let Some(types) = types {
        rows = rows.filter(Column::ListingType.is_in(types.iter().copied().map(entity::ListingType::from)));
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
