//! Small input objects that the inputs of several slices hold. They give the schema its form; what they say is read by
//! `form::value::money` and `form::place`.

use async_graphql::InputObject;

use super::raw::Unread;
use super::scalars::{CountryCode, CurrencyCode, Decimal};

/// An amount of money.
#[derive(InputObject)]
pub struct MoneyInput {
    /// The amount, 0 or more, with at most as many decimals as the currency has, e.g. "19999.00".
    pub amount: Unread<Decimal>,
    /// The currency.
    pub currency: Unread<CurrencyCode>,
}

/// A place. What is left out is not stated.
#[derive(InputObject)]
pub struct LocationInput {
    /// The city, at most 200 characters.
    pub city: Option<String>,
    /// The state, province or other region, at most 200 characters.
    pub region: Option<String>,
    /// The country.
    pub country: Option<Unread<CountryCode>>,
    /// Degrees north, -90 to 90; together with longitude.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180; together with latitude.
    pub longitude: Option<f64>,
}
