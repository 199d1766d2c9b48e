//! Who may import at the moment: a few feeds in one process, one of each provider.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Data;
use entity::ProviderStatus;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::budget::{Budgets, Client, Share};
use crate::dictionary::is_public;
use crate::http::error::HttpError;

/// Feeds that are read at the same time: each keeps up to 500 rows in memory.
const MAX_FEEDS: usize = 3;
/// The same of all providers together that nobody has let in yet: whoever signs up can register one.
const MAX_PENDING_FEEDS: usize = 1;

/// Slots of a process.
pub(in crate::http) struct ImportSlots {
    free: Arc<Semaphore>,
    pending: Arc<Semaphore>,
    busy: Mutex<HashSet<i64>>,
}

/// Slot that is taken until this value is dropped.
pub(super) struct ImportSlot {
    slots: Arc<ImportSlots>,
    provider: i64,
    _taken: OwnedSemaphorePermit,
    _upload: Share,
    /// Bytes that its client has under way with it: as many as were announced, else those that have come.
    bytes: Share,
    is_announced: bool,
}

impl Default for ImportSlots {
    fn default() -> Self {
        let (free, pending) = (Arc::new(Semaphore::new(MAX_FEEDS)), Arc::new(Semaphore::new(MAX_PENDING_FEEDS)));
        Self { free, pending, busy: Mutex::default() }
    }
}

impl ImportSlots {
    /// Takes a slot for a provider's feed.
    pub(super) fn enter(
        slots: &Data<Self>,
        budgets: &Budgets,
        client: &Client,
        (provider, status): (i64, ProviderStatus),
        announced: Option<u64>,
    ) -> Result<ImportSlot, HttpError> {
        let uploads = "You are sending too many feeds already; send this one when one of them is done.";
        let upload = budgets.uploads.take(client, 1).ok_or_else(|| HttpError::too_many(uploads))?;
        let too_large = "Your feeds that are under way are too large together; send this one when one of them is done.";
        let bytes = budgets.upload_bytes.take(client, announced.unwrap_or_default());
        let bytes = bytes.ok_or_else(|| HttpError::too_many(too_large))?;
        let free = if is_public(status) { &slots.free } else { &slots.pending };
        let Ok(taken) = free.clone().try_acquire_owned() else {
            return Err(HttpError::unavailable("Other feeds are being imported; try again shortly."));
        };
        if !slots.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(provider) {
            return Err(HttpError::conflict("Another feed of this provider is being imported."));
        }
        let slots = slots.clone().into_inner();
        Ok(ImportSlot { slots, provider, _taken: taken, _upload: upload, bytes, is_announced: announced.is_some() })
    }
}

impl ImportSlot {
    /// Counts bytes that have come; whether they keep within what the client may have under way.
    pub(super) fn count(&mut self, bytes: usize) -> bool {
        self.is_announced || self.bytes.grow(bytes as u64)
    }
}

impl Drop for ImportSlot {
    fn drop(&mut self) {
        self.slots.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.provider);
    }
}
