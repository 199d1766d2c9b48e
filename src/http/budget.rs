//! The budget of one request: what it is charged, and what its answer says about what is left.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::error::HttpError;
use crate::budget::{Balance, Budgets, Client, Exceeded};

/// How much a client may cause: the field of the IETF draft.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of it.
pub(super) const REMAINING: HeaderName = HeaderName::from_static("ratelimit");
/// What is said where a budget does not hold a request.
pub(super) const OVER_BUDGET: &str =
    "The request costs more than is left of your budget; send it again later, or ask for less.";
/// Bytes of a request that are read for one unit.
const BYTES_PER_UNIT: u64 = 1024;

/// The budget of one request.
pub(super) struct RequestBudget {
    budgets: Arc<Budgets>,
    pub(super) client: Client,
    charged: u64,
    pub(super) balance: Option<Balance>,
}

impl RequestBudget {
    /// Of a request by this client.
    pub(super) fn new(budgets: Arc<Budgets>, client: Client) -> Self {
        Self { budgets, client, charged: 0, balance: None }
    }

    /// Charges what it takes to read a request of so many bytes. This is not given back: who sends documents that are
    /// refused pays for their being looked at.
    pub(super) fn charge_reading(&mut self, bytes: usize) -> Result<(), HttpError> {
        self.charge_up_to(1 + bytes as u64 / BYTES_PER_UNIT)
    }

    /// Charges the price of a request, less what it has been charged already.
    pub(super) fn charge_up_to(&mut self, price: u64) -> Result<(), HttpError> {
        match self.take(price.saturating_sub(self.charged)) {
            Ok(()) => Ok(()),
            Err(exceeded) => Err(HttpError::over_budget(OVER_BUDGET, &exceeded)),
        }
    }

    /// The same, for those who answer otherwise than by HTTP.
    pub(super) fn take(&mut self, units: u64) -> Result<(), Exceeded> {
        match self.budgets.charge(&self.client, units) {
            Ok(balance) => {
                self.charged = self.charged.saturating_add(units);
                self.balance = balance.or(self.balance);
                Ok(())
            }
            Err(exceeded) => {
                self.balance = Some(exceeded.balance);
                Err(exceeded)
            }
        }
    }

    /// Says in the headers of an answer what is left.
    pub(super) fn mark(&self, mut answer: HttpResponse) -> HttpResponse {
        if let Some(balance) = &self.balance {
            mark(answer.headers_mut(), balance);
        }
        answer
    }
}

fn mark(headers: &mut HeaderMap, balance: &Balance) {
    let Balance { limit, remaining, reset_seconds, window_seconds } = balance;
    let fields = [
        (POLICY, format!("\"cost\";q={limit};w={window_seconds}")),
        (REMAINING, format!("\"cost\";r={remaining};t={reset_seconds}")),
    ];
    for (name, text) in fields {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}
