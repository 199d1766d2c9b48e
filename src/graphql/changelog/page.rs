//! A page of the log as the public sees it, shared by `changes` and `catalogueChanged`.

use async_graphql::Context;
use catalog::changelog::{self, LogPoint};
use catalog::database::Database;
use catalog::error::{AppError, Result};
use entity::change::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use search::paging::cursor::{Cursor, Key};

use super::types::{Change, point_of};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ListingType;

pub(super) struct ChangeFilter {
    /// Types of the listings.
    pub(super) types: Option<Vec<ListingType>>,
    /// Slug of a provider: only its listings and the provider itself.
    pub(super) provider: Option<String>,
}

/// Result of reading the log.
pub(super) struct ChangePage {
    /// Changes in the order of the log.
    pub(super) changes: Vec<Change>,
    /// Point up to which the result is complete.
    pub(super) end: LogPoint,
    /// Whether more changes follow.
    pub(super) has_next: bool,
}

/// Decodes the point of a cursor.
///
/// A position beyond what this process has seen may come from another process that is ahead. A point that is not in the
/// log comes from another catalogue or from before a backup was restored; continuing from it would miss changes, so it
/// is an error.
pub(super) async fn point(ctx: &Context<'_>, cursor: &Cursor) -> Result<LogPoint> {
    let Key::Number(position @ 0..) = cursor.key else {
        return Err(AppError::input("after", "is not a cursor of this list in this order"));
    };
    check(ctx, LogPoint { position, mark: Some(cursor.id).filter(|mark| *mark != 0) }).await
}

/// Accepts a point only if the log contains it.
pub(super) async fn check(ctx: &Context<'_>, point: LogPoint) -> Result<LogPoint> {
    if point == ctx.snapshot().point {
        return Ok(point);
    }
    let db = &ctx.data_unchecked::<Database>().primary;
    let (holds, rule) = match point.mark {
        Some(_) => (
            changelog::contains(db, point).await?,
            "is of a history of the catalogue that was undone: read everything anew",
        ),
        None => {
            let served = ctx.snapshot().point.position;
            let is_reached = point.position <= served || point.position <= catalog::changelog::head(db).await?.position;
            (is_reached, "is not a cursor of this list in this order")
        }
    };
    if holds { Ok(point) } else { Err(AppError::input("after", rule)) }
}

/// Reads public changes after a point, up to the snapshot of the request, so that the listings in a response are never
/// older than the changes it names.
pub(super) async fn read(
    ctx: &Context<'_>,
    after: LogPoint,
    filter: &ChangeFilter,
    limit: usize,
) -> Result<ChangePage> {
    let head = ctx.snapshot().point;
    let mut rows = rows(ctx, (after.position, head.position), filter, limit + 1).await?;
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let complete_to = if head.position > after.position { head } else { after };
    let end = rows.last().filter(|_| has_next).map_or(complete_to, point_of);
    Ok(ChangePage { changes: rows.into_iter().filter_map(to_change).collect(), end, has_next })
}

async fn rows(
    ctx: &Context<'_>,
    (after, head): (i64, i64),
    filter: &ChangeFilter,
    limit: usize,
) -> Result<Vec<change::Model>> {
    let mut rows = change::Entity::find()
        .filter(Column::Position.gt(after))
        .filter(Column::Position.lte(head))
        .filter(Column::Event.is_not_null());
    if let Some(types) = &filter.types {
        rows = rows.filter(Column::ListingType.is_in(types.iter().copied().map(entity::ListingType::from)));
    }
    if let Some(slug) = &filter.provider {
        let Some(provider) = ctx.dictionary().providers.id_of(slug) else { return Ok(Vec::new()) };
        rows = rows.filter(Column::ProviderId.eq(provider));
    }
    let db = &ctx.data_unchecked::<Database>().read;
    Ok(rows.order_by_asc(Column::Position).limit(limit as u64).all(db).await?)
}

/// Change as the public sees it. Changes of the taxonomy are internal.
fn to_change(row: change::Model) -> Option<Change> {
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
