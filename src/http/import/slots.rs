//! Slots for concurrent imports: a few feeds per process, one per provider.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Data;
use catalog::budget::{Budgets, Client, Share};
use catalog::dictionary::is_public;
use entity::provider;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::error::HttpError;

/// Maximum number of concurrent feeds. Each holds up to 500 rows in memory.
const MAX_FEEDS: usize = 3;
/// Maximum number of concurrent feeds of all pending providers together, since anyone who signs up can register one.
const MAX_PENDING_FEEDS: usize = 1;

/// What stands for a provider in a feed of staff. No row has this ID.
const STAFF: i64 = 0;

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
    /// Share of the client in bytes being uploaded: as many as announced, else as many as have arrived.
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
    /// Takes a slot for a provider's feed, or for one of staff, who have one slot together.
    pub(super) fn enter(
        slots: &Data<Self>,
        budgets: &Budgets,
        client: &Client,
        provider: Option<&provider::Model>,
        announced: Option<u64>,
    ) -> Result<ImportSlot, HttpError> {
        let uploads = "You are sending too many feeds already; send this one when one of them is done.";
        let upload = budgets.uploads.take(client, 1).ok_or_else(|| HttpError::too_many(uploads))?;
        let too_large = "Your feeds that are under way are too large together; send this one when one of them is done.";
        let bytes = budgets.upload_bytes.take(client, announced.unwrap_or_default());
        let bytes = bytes.ok_or_else(|| HttpError::too_many(too_large))?;
        let free = if provider.is_none_or(|row| is_public(row.status)) { &slots.free } else { &slots.pending };
        let Ok(taken) = free.clone().try_acquire_owned() else {
            return Err(HttpError::unavailable("Other feeds are being imported; try again shortly."));
        };
        let provider = provider.map_or(STAFF, |row| row.id);
        if !slots.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(provider) {
            return Err(HttpError::conflict(match provider {
                STAFF => "Another feed of staff is being imported.",
                _ => "Another feed of this provider is being imported.",
            }));
        }
        let slots = slots.clone().into_inner();
        Ok(ImportSlot { slots, provider, _taken: taken, _upload: upload, bytes, is_announced: announced.is_some() })
    }
}

impl ImportSlot {
    /// Counts received bytes. Returns false if the client exceeds its share.
    pub(super) fn count(&mut self, bytes: usize) -> bool {
        self.is_announced || self.bytes.grow(bytes as u64)
    }
}

impl Drop for ImportSlot {
    fn drop(&mut self) {
        self.slots.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.provider);
    }
}
