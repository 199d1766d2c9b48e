//! Queries for the change log.

use async_graphql::{Context, Object};
use catalog::changelog::LogPoint;
use search::paging::page::PageArguments;

use super::page::{ChangeFilter, point, read};
use super::types::{ChangeConnection, LIST, cursor};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ListingType;
use crate::graphql::error::Result;

/// Queries for the change log.
#[derive(Default)]
pub struct ChangelogQuery;

#[Object]
impl ChangelogQuery {
    /// Returns public changes of listings, in the order in which they happened. To mirror the catalogue without missing
    /// anything: query `catalogueCursor`, read the whole catalogue, then query the changes after that cursor, and
    /// continue with `pageInfo.endCursor`.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Cursor after which the changes start. The default is the beginning of the log.")]
        after: Option<String>,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Types of the listings.")] types: Option<Vec<ListingType>>,
        #[graphql(desc = "Slug of a provider: only its listings and the provider itself.")] provider: Option<String>,
    ) -> Result<ChangeConnection> {
        let page = PageArguments::forward(first, after).check(LIST)?;
        let after = match &page.after {
            Some(cursor) => point(ctx, cursor).await?,
            None => LogPoint { position: 0, mark: None },
        };
        let page = read(ctx, after, &ChangeFilter { types, provider }, page.limit).await?;
        Ok(ChangeConnection { page, has_previous: after.position > 0 })
    }

    /// Returns the current position in the change log. Query it first, read the whole catalogue, then follow
    /// `changes(after:)` from here.
    async fn catalogue_cursor(&self, ctx: &Context<'_>) -> String {
        cursor(ctx.snapshot().point).encode()
    }
}
