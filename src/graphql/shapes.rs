//! Small values that several slices show.

use async_graphql::{Object, SimpleObject};
use entity::source;

use super::scalars::{CountryCode, CurrencyCode, Date, Decimal, WebAddress};
use crate::values;

/// An amount of money.
pub struct Money(pub values::Money);

/// An amount of money.
#[Object]
impl Money {
    /// The amount, with as many decimals as the currency has, e.g. "19999.00".
    async fn amount(&self) -> Decimal {
        Decimal(self.0.amount())
    }

    /// The currency.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency)
    }
}

impl Money {
    /// What two columns of a row say.
    pub fn stored(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        values::Money::stored(minor, currency).map(Money)
    }
}

/// A range of whole numbers, both ends included.
#[derive(SimpleObject)]
pub struct IntRange {
    /// The least; null: open downwards.
    pub min: Option<i32>,
    /// The most; null: open upwards.
    pub max: Option<i32>,
}

impl IntRange {
    /// What two columns say; nothing where both are empty.
    pub fn stored(min: Option<i32>, max: Option<i32>) -> Option<Self> {
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }
}

/// A range of decimal numbers, both ends included.
#[derive(SimpleObject)]
pub struct DecimalRange {
    /// The least; null: open downwards.
    pub min: Option<Decimal>,
    /// The most; null: open upwards.
    pub max: Option<Decimal>,
}

/// A place.
#[derive(SimpleObject)]
pub struct Location {
    /// The city, as the listing writes it; null where it is not stated.
    pub city: Option<String>,
    /// The state, province or other region; null where it is not stated.
    pub region: Option<String>,
    /// The country; null where it is not stated.
    pub country: Option<CountryCode>,
    /// Degrees north, -90 to 90; null where it is not stated.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180; null where it is not stated.
    pub longitude: Option<f64>,
}

impl Location {
    /// Whether any part of it is stated.
    pub fn says_something(&self) -> bool {
        self.city.is_some() || self.region.is_some() || self.country.is_some() || self.latitude.is_some()
    }
}

/// A document that facts of a listing were taken from.
#[derive(Clone, SimpleObject)]
pub struct Source {
    /// Who published it; null where that is not known.
    pub publisher: Option<String>,
    /// What it is about.
    pub subject: String,
    /// Where it is found; null where that is not known.
    pub url: Option<WebAddress>,
    /// The year in which it was published; null where that is not known.
    pub year: Option<i32>,
    /// The day on which it was read; null where that is not known.
    pub retrieved_on: Option<Date>,
}

impl From<source::Model> for Source {
    fn from(row: source::Model) -> Self {
        Self {
            publisher: row.publisher,
            subject: row.subject,
            url: row.url.map(WebAddress),
            year: row.year,
            retrieved_on: row.retrieved_on.map(Date),
        }
    }
}
