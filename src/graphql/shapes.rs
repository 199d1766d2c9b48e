//! Small object types shared by several slices.

use async_graphql::{Description, Object, SimpleObject};
use catalog::values;
use entity::source;

use super::scalars::{CountryCode, CurrencyCode, Date, Decimal, WebAddress};

/// Amount of money.
#[derive(Description)]
pub struct Money(pub values::Money);

#[Object(use_type_description)]
impl Money {
    /// Amount with as many decimals as the currency has, e.g. "19999.00".
    async fn amount(&self) -> Decimal {
        Decimal(self.0.amount())
    }

    /// Currency of the amount.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency)
    }
}

impl Money {
    /// Amount from two columns of a row; `None` if they are null.
    pub fn stored(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        values::Money::stored(minor, currency).map(Money)
    }
}

/// Range of integers, both ends included.
#[derive(SimpleObject)]
pub struct IntRange {
    /// Minimum. Null if the range has no lower bound.
    pub min: Option<i32>,
    /// Maximum. Null if the range has no upper bound.
    pub max: Option<i32>,
}

impl IntRange {
    /// Range from two columns; `None` if both are null.
    pub fn stored(min: Option<i32>, max: Option<i32>) -> Option<Self> {
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }
}

/// Range of decimal numbers, both ends included.
#[derive(SimpleObject)]
pub struct DecimalRange {
    /// Minimum. Null if the range has no lower bound.
    pub min: Option<Decimal>,
    /// Maximum. Null if the range has no upper bound.
    pub max: Option<Decimal>,
}

/// Location.
#[derive(SimpleObject)]
pub struct Location {
    /// City, as the listing spells it. Null if not stated.
    pub city: Option<String>,
    /// State, province or other region. Null if not stated.
    pub region: Option<String>,
    /// Country of the location. Null if not stated.
    pub country: Option<CountryCode>,
    /// Latitude in degrees north, -90 to 90. Null if not stated.
    pub latitude: Option<f64>,
    /// Longitude in degrees east, -180 to 180. Null if not stated.
    pub longitude: Option<f64>,
}

impl Location {
    /// Whether any field of the location is stated.
    pub fn says_something(&self) -> bool {
        self.city.is_some() || self.region.is_some() || self.country.is_some() || self.latitude.is_some()
    }
}

/// Document that facts of a listing were taken from.
#[derive(Clone, SimpleObject)]
pub struct Source {
    /// Publisher of the document. Null if not known.
    pub publisher: Option<String>,
    /// Subject of the document.
    pub subject: String,
    /// URL of the document. Null if not known.
    pub url: Option<WebAddress>,
    /// Year of publication. Null if not known.
    pub year: Option<i32>,
    /// Date on which the document was read. Null if not known.
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
