//! The change log as a subscription.

use std::sync::{Mutex, PoisonError};

use async_graphql::{Context, Subscription};
use catalog::changelog::LogPoint;
use futures_util::{Stream, stream};
use search::paging::page::PageArguments;

use super::page::{ChangeFilter, check, point, read};
use super::types::{Change, LIST};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::ListingType;
use crate::graphql::error::Result;

/// Maximum number of changes per turn. After each turn the connection checks whether it can take more.
const CHANGES_PER_READ: usize = 100;

/// How far a subscription has read the log, kept by its connection. A subscription is executed anew for every turn,
/// with the snapshot and the permissions of that moment; a single execution that runs for days would answer from the
/// snapshot of its first second.
#[derive(Debug, Default)]
pub struct SubscriptionCursor(Mutex<Option<LogPoint>>);

impl SubscriptionCursor {
    /// Current position; `None` before the first turn.
    pub fn get(&self) -> Option<i64> {
        self.point().map(|point| point.position)
    }

    fn point(&self) -> Option<LogPoint> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, point: LogPoint) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(point);
    }
}

/// Subscriptions, over WebSocket with the protocol `graphql-transport-ws`.
#[derive(Default)]
pub struct ChangelogSubscription;

/// Subscriptions, over WebSocket with the protocol `graphql-transport-ws`.
#[Subscription(name = "Subscription")]
impl ChangelogSubscription {
    /// Pushes public changes of listings as soon as this server's responses reflect them, in the order in which they
    /// happened and each one once. With `after`, it first sends the changes since that cursor: after a lost connection,
    /// pass the cursor of the last change you received.
    async fn catalogue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Cursor from `changes` or `catalogueCursor` after which to start. The default is to start now."
        )]
        after: Option<String>,
        #[graphql(desc = "Types of the listings.")] types: Option<Vec<ListingType>>,
        #[graphql(desc = "Slug of a provider: only its listings and the provider itself.")] provider: Option<String>,
    ) -> Result<impl Stream<Item = Change>> {
        let cursor = ctx.data_unchecked::<std::sync::Arc<SubscriptionCursor>>();
        let page = PageArguments::forward(None, after).check(LIST)?;
        let from = match (cursor.point(), &page.after) {
            (Some(end), _) => check(ctx, end).await?,
            (None, Some(cursor)) => point(ctx, cursor).await?,
            (None, None) => ctx.snapshot().point,
        };
        let found = read(ctx, from, &ChangeFilter { types, provider }, CHANGES_PER_READ).await?;
        cursor.set(found.end);
        Ok(stream::iter(found.changes))
    }
}
