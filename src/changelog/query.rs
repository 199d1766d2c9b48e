//! The change log as queries.

use async_graphql::{Context, Object};

use super::LogPoint;
use super::page::{Asked, point, read};
use super::types::{ChangeConnection, ChangeEdge, LIST, cursor};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::ListingType;
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
        let after = match &page.after {
            Some(cursor) => point(ctx, cursor).await?,
            None => LogPoint { position: 0, mark: None },
        };
        let found = read(ctx, after, &Asked { types, provider }, page.limit).await?;
        let changes = found.changes.into_iter().map(ChangeEdge).collect();
        Ok(ChangeConnection {
            changes,
            reached: found.reached,
            has_next: found.has_next,
            has_previous: after.position > 0,
        })
    }

    /// The log's position now: take it, read the whole catalogue, then follow changes(after:) from here.
    async fn catalogue_cursor(&self, ctx: &Context<'_>) -> String {
        cursor(ctx.snapshot().point()).encode()
    }
}
