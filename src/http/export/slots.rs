//! Slots for concurrent exports: a few per process, since each holds a connection to the database, and a share of what a
//! client may transfer at the same time.

use std::sync::Arc;

use catalog::budget::{Budgets, Client, Share};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::error::HttpError;

/// Maximum number of concurrent exports.
const MAX_EXPORTS: usize = 2;

/// Slots of a process.
#[derive(Clone)]
pub(in crate::http) struct ExportSlots(Arc<Semaphore>);

/// Slot that is taken until this value is dropped.
pub(super) struct ExportSlot {
    _taken: OwnedSemaphorePermit,
    _transfer: Share,
}

impl Default for ExportSlots {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_EXPORTS)))
    }
}

impl ExportSlots {
    /// Takes a slot for an export. It counts as a feed of the client.
    pub(super) fn enter(&self, budgets: &Budgets, client: &Client) -> Result<ExportSlot, HttpError> {
        let many = "You are sending or fetching too many feeds already; fetch this one when one of them is done.";
        let transfer = budgets.uploads.take(client, 1).ok_or_else(|| HttpError::too_many(many))?;
        let busy = "Other exports are under way; try again shortly.";
        let taken = self.0.clone().try_acquire_owned().map_err(|_| HttpError::unavailable(busy))?;
        Ok(ExportSlot { _taken: taken, _transfer: transfer })
    }
}
