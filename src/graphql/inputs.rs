//! Small input objects shared by several slices. They only give the schema its shape; `form::value::money` and
//! `form::place` validate what they carry.

use async_graphql::InputObject;

use super::scalars::{CountryCode, CurrencyCode, Decimal};
use super::untyped_input::DeferredScalar;

/// Amount of money.
#[derive(InputObject)]
pub struct MoneyInput {
    /// Amount, 0 or more, with at most as many decimals as the currency has, e.g. "19999.00".
    pub amount: DeferredScalar<Decimal>,
    /// Currency of the amount.
    pub currency: DeferredScalar<CurrencyCode>,
}

/// Location. A field that is left out is not stated.
#[derive(InputObject)]
pub struct LocationInput {
    /// City, at most 200 characters.
    pub city: Option<String>,
    /// State, province or other region, at most 200 characters.
    pub region: Option<String>,
    /// Country of the location.
    pub country: Option<DeferredScalar<CountryCode>>,
    /// Latitude in degrees north, -90 to 90. Must be given together with `longitude`.
    pub latitude: Option<f64>,
    /// Longitude in degrees east, -180 to 180. Must be given together with `latitude`.
    pub longitude: Option<f64>,
}
