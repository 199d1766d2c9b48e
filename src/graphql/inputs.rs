//! The input object of an amount of money. It only gives the schema its shape; `money` in the catalogue's
//! `input::value` validates what it carries.

use async_graphql::InputObject;

use super::scalars::{CurrencyCode, Decimal};
use super::untyped_input::DeferredScalar;

/// Amount of money.
#[derive(InputObject)]
pub struct MoneyInput {
    /// Amount, 0 or more, with at most as many decimals as the currency has, e.g. "19999.00".
    pub amount: DeferredScalar<Decimal>,
    /// Currency of the amount.
    pub currency: DeferredScalar<CurrencyCode>,
}
