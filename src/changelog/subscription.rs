//! The change log as a subscription.

use std::sync::{Mutex, PoisonError};

use async_graphql::{Context, Subscription};
use futures_util::{Stream, stream};

use super::LogPoint;
use super::page::{Asked, check, point, read};
use super::types::{Change, LIST};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::ListingType;
use crate::paging::page::PageArguments;

/// Changes of one turn: the connection is asked whether it can take more after each.
const AT_ONCE: usize = 100;

/// How far a subscription has got in the log. Whoever holds the connection keeps it: a subscription is executed anew
/// for every turn, on the state of that moment and with the rights of that moment, since one execution that went on
/// for days would answer from the state of its first second.
#[derive(Debug, Default)]
pub struct Place(Mutex<Option<LogPoint>>);

impl Place {
    /// The position; `None` before the first turn.
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

/// What is pushed.
#[derive(Default)]
pub struct ChangelogSubscription;

/// What is pushed, over WebSocket with the protocol graphql-transport-ws.
#[Subscription(name = "Subscription")]
impl ChangelogSubscription {
    /// What becomes public, changes or leaves, as soon as it is in what this server answers from; in the order in which
    /// it happened, and each change once. With `after` it begins with what has happened since: after a lost connection
    /// take the cursor of the last change that arrived.
    async fn catalogue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Begins after this cursor of changes or catalogueCursor; with what happens from now on where it is not given."
        )]
        after: Option<String>,
        #[graphql(desc = "Only listings of these types.")] types: Option<Vec<ListingType>>,
        #[graphql(desc = "Only listings of the provider of this slug, and itself.")] provider: Option<String>,
    ) -> Result<impl Stream<Item = Change>> {
        let place = ctx.data_unchecked::<std::sync::Arc<Place>>();
        let page = PageArguments::forward(None, after).check(LIST)?;
        let from = match (place.point(), &page.after) {
            (Some(reached), _) => check(ctx, reached).await?,
            (None, Some(cursor)) => point(ctx, cursor).await?,
            (None, None) => ctx.snapshot().point(),
        };
        let found = read(ctx, from, &Asked { types, provider }, AT_ONCE).await?;
        place.set(found.reached);
        Ok(stream::iter(found.changes))
    }
}
