//! Budget of one request: what it is charged, and the headers that report the balance.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use catalog::budget::{Balance, Budgets, Client};

use super::error::HttpError;

/// Header with the budget, from the IETF draft.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Header with the remaining budget.
pub(super) const REMAINING: HeaderName = HeaderName::from_static("ratelimit");
/// Error message if the budget is exhausted.
const OVER_BUDGET: &str = "The request costs more than is left of your budget; send it again later, or ask for less.";
/// Bytes of a request that are read for one unit.
const BYTES_PER_UNIT: u64 = 1024;

/// Budget of one request.
pub(super) struct RequestBudget {
    budgets: Arc<Budgets>,
    pub(super) client: Client,
    charged: u64,
    pub(super) balance: Option<Balance>,
}

impl RequestBudget {
    pub(super) fn new(budgets: Arc<Budgets>, client: Client) -> Self {
        Self { budgets, client, charged: 0, balance: None }
    }

    /// Charges for reading a request of this size. Not refunded: clients pay for documents that are rejected, too.
    pub(super) fn charge_reading(&mut self, bytes: usize) -> Result<(), HttpError> {
        self.charge_up_to(1 + bytes as u64 / BYTES_PER_UNIT)
    }

    /// Charges the price of a request, less what it has already been charged.
    pub(super) fn charge_up_to(&mut self, price: u64) -> Result<(), HttpError> {
        self.charge(price.saturating_sub(self.charged))
    }

    pub(super) fn charge(&mut self, units: u64) -> Result<(), HttpError> {
        match self.budgets.cost.take(&self.client, units) {
            Ok(balance) => {
                self.charged = self.charged.saturating_add(units);
                self.balance = balance.or(self.balance);
                Ok(())
            }
            Err(exceeded) => {
                self.balance = Some(exceeded.balance);
                Err(HttpError::over_budget(OVER_BUDGET, &exceeded))
            }
        }
    }

    /// Adds the balance to the headers of a response.
    pub(super) fn mark(&self, mut answer: HttpResponse) -> HttpResponse {
        let Some(Balance { limit, remaining, reset_seconds, window_seconds }) = self.balance else { return answer };
        let fields = [
            (POLICY, format!("\"cost\";q={limit};w={window_seconds}")),
            (REMAINING, format!("\"cost\";r={remaining};t={reset_seconds}")),
        ];
        for (name, text) in fields {
            if let Ok(value) = HeaderValue::from_str(&text) {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}
