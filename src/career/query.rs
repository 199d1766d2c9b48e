//! Queries on careers.

use async_graphql::{Context, ID, Object, OneofObject};

use super::types::Career;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_of};
use crate::graphql::names::by_name;
use crate::paging::page::PageArguments;
use crate::search::DocKind;

/// Which career: by its id or by any slug that it has or had.
#[derive(Debug, OneofObject)]
pub enum CareerBy {
    /// Its global id.
    Id(ID),
    /// Its slug, an old one too.
    Slug(String),
}

/// Queries on careers.
#[derive(Default)]
pub struct CareerQuery;

/// Queries on careers.
#[Object]
impl CareerQuery {
    /// One career; null where there is none.
    async fn career(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: CareerBy) -> Option<Result<Career>> {
        let row = match by {
            CareerBy::Id(id) => row_of(NodeKind::Career, "by.id", &id),
            CareerBy::Slug(slug) => Ok(ctx.dictionary().careers.id_of(&slug)),
        };
        row.map(|row| row.and_then(|id| ctx.dictionary().careers.get(id)).cloned().map(Career)).transpose()
    }

    /// Careers by title.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn careers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that this text finds, at most 200 characters.")] query: Option<String>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Career>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Career, text));
        Ok(by_name(ctx, "careers", arguments, &ctx.dictionary().careers, text, |_| true)?.map(Career))
    }
}
