//! Queries for careers.

use async_graphql::{Context, ID, Object, OneofObject};
use search::DocKind;
use search::paging::page::PageArguments;

use super::types::Career;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_of};
use crate::graphql::names::by_name;

/// Reference to a career, by ID or by slug.
#[derive(Debug, OneofObject)]
pub enum CareerBy {
    /// Global ID of the career.
    Id(ID),
    /// Slug of the career. Former slugs work too.
    Slug(String),
}

/// Queries for careers.
#[derive(Default)]
pub struct CareerQuery;

/// Queries for careers.
#[Object]
impl CareerQuery {
    /// Returns a career by ID or slug. Null if there is no such career.
    async fn career(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID or slug of the career.")] by: CareerBy,
    ) -> Option<Result<Career>> {
        let row = match by {
            CareerBy::Id(id) => row_of(NodeKind::Career, "by.id", &id),
            CareerBy::Slug(slug) => Ok(ctx.dictionary().careers.id_of(&slug)),
        };
        let found = row.map(|row| row.and_then(|id| ctx.dictionary().careers.get(id)).cloned().map(Career));
        found.map_err(Into::into).transpose()
    }

    /// Returns careers by title.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn careers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Search text, at most 200 characters. Returns only matching items.")] query: Option<String>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Career>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Career, text));
        Ok(by_name(ctx, "careers", arguments, &ctx.dictionary().careers, text, |_| true)?.map(Career).into())
    }
}
