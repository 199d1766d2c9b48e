//! What the mutations of all slices share: where they write, in whose name, and an answer that holds what was written.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use sea_orm::DatabaseConnection;

use super::context::InRequest;
use crate::changelog;
use crate::clock::Clock;
use crate::database::Database;
use crate::live::Live;
use crate::write::{DraftLimits, Writer};

/// How long a mutation waits for its own write to be in what this process serves from; then it answers all the same.
const WAIT: Duration = Duration::from_secs(5);

/// Writing from within a resolver.
pub trait Writing {
    /// The database that is written to, and read by what must not be older than the last write.
    fn primary(&self) -> &DatabaseConnection;

    /// A writer in the caller's name; one that only tries out where `validate_only`.
    fn writer(&self, validate_only: bool) -> Writer;

    /// Waits until what this process serves from holds the write that got this position of the log, and answers from
    /// there on: to be called between the commit and the payload. Without a position nothing was written; then it is the
    /// position that the log has got to, since the state in which there was nothing to write may be newer than what is served.
    fn written(&self, position: Option<i64>) -> impl Future<Output = ()> + Send;
}

impl Writing for Context<'_> {
    fn primary(&self) -> &DatabaseConnection {
        &self.data_unchecked::<Database>().write
    }

    fn writer(&self, validate_only: bool) -> Writer {
        let clock = self.data_unchecked::<Arc<dyn Clock>>().clone();
        Writer {
            dry_run: validate_only,
            claim: self.request().claim.clone(),
            drafts: *self.data_unchecked::<DraftLimits>(),
            ..Writer::new(&self.caller().name(), clock)
        }
    }

    async fn written(&self, position: Option<i64>) {
        let position = match position {
            Some(position) => position,
            None => match changelog::head(self.primary()).await {
                Ok(head) => head.position,
                // What is answered says itself how far it is.
                Err(_) => return,
            },
        };
        let live = self.data_unchecked::<Arc<Live>>();
        if !live.reached(position, WAIT).await {
            tracing::warn!(position, "a mutation answers before its write is served");
        }
        self.request().go_on(position, live.snapshot());
    }
}
