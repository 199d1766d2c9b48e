//! Shares of clients in resources used at the same time: connections, uploads, incoming bytes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::Client;

type Amounts = Arc<Mutex<HashMap<Client, u64>>>;

/// Shares of all clients.
#[derive(Clone)]
pub struct Shares {
    limit: u64,
    amounts: Amounts,
}

/// Share that a client holds until this value is dropped.
pub struct Share {
    shares: Shares,
    client: Client,
    amount: u64,
}

impl Shares {
    /// Creates shares of `limit` per client. 0 means unlimited.
    pub fn new(limit: u64) -> Self {
        Self { limit, amounts: Amounts::default() }
    }

    /// Takes a share for a client. `None` if it would exceed the limit.
    pub fn take(&self, client: &Client, amount: u64) -> Option<Share> {
        self.add(client, amount).then(|| Share { shares: self.clone(), client: *client, amount })
    }

    fn add(&self, client: &Client, amount: u64) -> bool {
        if self.limit == 0 {
            return true;
        }
        let mut amounts = self.amounts.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = amounts.get(client).copied().unwrap_or_default().saturating_add(amount);
        if sum > self.limit {
            return false;
        }
        amounts.insert(*client, sum);
        true
    }

    fn give_back(&self, client: &Client, amount: u64) {
        let mut amounts = self.amounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = amounts.entry(*client) {
            let left = entry.get().saturating_sub(amount);
            if left == 0 {
                entry.remove();
            } else {
                entry.insert(left);
            }
        }
    }
}

impl Share {
    /// Enlarges the share. Returns false if it would exceed the limit.
    pub fn grow(&mut self, amount: u64) -> bool {
        let grown = self.shares.add(&self.client, amount);
        if grown {
            self.amount = self.amount.saturating_add(amount);
        }
        grown
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shares.give_back(&self.client, self.amount);
    }
}
