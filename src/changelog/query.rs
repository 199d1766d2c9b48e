//! The change log as queries.

use async_graphql::{Context, Object};

use crate::graphql::context::InRequest;

/// Queries on the change log.
#[derive(Default)]
pub struct ChangelogQuery;

#[Object]
impl ChangelogQuery {
    /// The log's position now: take it, read the whole catalogue, then follow `changes(after:)` from here.
    async fn catalogue_cursor(&self, ctx: &Context<'_>) -> String {
        ctx.request().snapshot.position.to_string()
    }
}
