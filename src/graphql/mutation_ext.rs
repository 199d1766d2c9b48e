//! What the mutations of all slices share: where they write, under whose name, and a response that includes what was
//! written.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use catalog::changelog;
use catalog::clock::Clock;
use catalog::database::Database;
use catalog::error::Result;
use catalog::snapshot::SnapshotStore;
use catalog::write::{DraftLimits, MutationOutcome, Writer};
use sea_orm::DatabaseConnection;

use super::context::ContextExt;
use super::payload::UserError;

/// Maximum time a mutation waits for its own write to be served. It answers afterwards in any case.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Writing from within a resolver.
pub trait MutationExt {
    /// Primary database, for writes and for reads that must see the last write.
    fn primary(&self) -> &DatabaseConnection;

    /// Writer in the caller's name. With `validate_only`, it is a dry run.
    fn writer(&self, validate_only: bool) -> Writer;

    /// Waits until this process serves the write with this position in the log, and switches the request to that
    /// snapshot. Call it between the commit and building the payload. Without a position nothing was written; it then
    /// waits for the current head of the log, because the state that made the write unnecessary may be newer than what
    /// is served.
    fn wait_until_served(&self, position: Option<i64>) -> impl Future<Output = ()> + Send;

    /// Finishes a mutation: waits until this process serves what it wrote. Returns the current state of its object, and
    /// the user errors.
    fn finish<T: Send>(
        &self,
        outcome: Result<MutationOutcome<T>>,
    ) -> impl Future<Output = Result<(Option<T>, Vec<UserError>)>> + Send;
}

impl MutationExt for Context<'_> {
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

    async fn wait_until_served(&self, position: Option<i64>) {
        let position = match position {
            Some(position) => position,
            None => match changelog::head(self.primary()).await {
                Ok(head) => head.position,
                // The response is then built from the current snapshot.
                Err(_) => return,
            },
        };
        let snapshots = self.data_unchecked::<Arc<SnapshotStore>>();
        if !snapshots.wait_for(position, MAX_WAIT).await {
            tracing::warn!(position, "a mutation answers before its write is served");
        }
        self.request().advance(position, snapshots.snapshot());
    }

    async fn finish<T: Send>(&self, outcome: Result<MutationOutcome<T>>) -> Result<(Option<T>, Vec<UserError>)> {
        let outcome = outcome?;
        self.wait_until_served(outcome.position).await;
        Ok((outcome.current, UserError::whole(outcome.errors)))
    }
}
