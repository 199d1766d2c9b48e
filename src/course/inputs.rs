//! How courses are filtered and sorted in the API. What must not go in: what the conditions mean for the index.

use async_graphql::{Enum, InputObject};
use iso_currency::Currency;

use crate::graphql::enums::{
    CourseKind, Direction, FinancingKind, Format, Level, PricingCategory, ProviderKind, Schedule,
};
use crate::graphql::scalars::{CountryCode, CurrencyCode, Date, DateTime, Decimal, LanguageCode};

/// Conditions on courses, all of which have to be met. A condition on what a listing does not state does not hold, and
/// `not` is everything that its condition does not match. In a list any of the values will do, so that an empty list
/// matches nothing; an unknown slug matches nothing either, and an old slug is as good as the new one. A filter holds
/// at most 100 values a list, 1,000 in all, and 5 levels of `and`, `or` and `not`.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CourseFilter {
    /// All of these; an empty list is met by everything.
    pub and: Option<Vec<CourseFilter>>,
    /// Any of these; an empty list is met by nothing.
    pub or: Option<Vec<CourseFilter>>,
    /// Everything that this does not match.
    pub not: Option<Box<CourseFilter>>,
    /// Slugs of providers: who offers it.
    pub provider: Option<Vec<String>>,
    /// Slugs of providers: who else stands behind it.
    pub partner: Option<Vec<String>>,
    /// What a partner of it is.
    pub partner_kind: Option<Vec<ProviderKind>>,
    /// Slugs of subjects: what it is about.
    pub subject: Option<Vec<String>>,
    /// What it is.
    pub kind: Option<Vec<CourseKind>>,
    /// Whom it addresses, as the listing says: a course for everyone is found by ALL_LEVELS only.
    pub level: Option<Vec<Level>>,
    /// How it is held, as the listing itself says; see `offering` for its single offerings.
    pub format: Option<Vec<Format>>,
    /// When it is held, as the listing itself says; see `offering` for its single offerings.
    pub schedule: Option<Vec<Schedule>>,
    /// The languages it is taught in. A language without region finds its varieties too: en finds en-GB.
    pub language: Option<Vec<LanguageCode>>,
    /// Slugs of skills: what it teaches.
    pub skills: Option<TermsFilter>,
    /// Slugs of certifications: what it prepares for or ends with.
    pub prepares: Option<Vec<String>>,
    /// Slugs of careers: what it leads to.
    pub career: Option<Vec<String>>,
    /// What taking it costs, once, in one currency: listings in other currencies and subscriptions are not met.
    pub price: Option<PriceFilter>,
    /// How it is paid for.
    pub pricing: Option<Vec<PricingCategory>>,
    /// Its length in weeks, where the listing states weeks.
    pub weeks: Option<IntFilter>,
    /// `duration.estimatedHours`.
    pub hours: Option<IntFilter>,
    /// One-to-one mentoring sessions.
    pub mentoring_sessions: Option<IntFilter>,
    /// `ratings.average`.
    pub rating: Option<FloatFilter>,
    /// `ratings.count`, which is always stated.
    pub review_count: Option<IntFilter>,
    /// The employment rate in percent after 180 days of the latest of `outcomeReports` that is `ranked`, with at most four
    /// decimals.
    pub employment_rate: Option<DecimalFilter>,
    /// One and the same upcoming offering meets all of this; {}: it has one. Upcoming is what starts today (UTC) or
    /// later, or on demand.
    pub offering: Option<OfferingFilter>,
    /// Some upcoming offering is held there, or where it has none, its provider is there.
    pub location: Option<LocationFilter>,
    /// One and the same way to pay meets all of this; {}: the listing states one.
    pub financing: Option<FinancingFilter>,
    /// true: it may be taken again for free; false: the listing says that it may not (0 months).
    pub free_retake: Option<bool>,
    /// Months within which it may be taken again for free.
    pub free_retake_within_months: Option<IntFilter>,
    /// Whether it ends with a certificate of completion.
    pub certificate_of_completion: Option<bool>,
    /// Whether it prepares for finding a job.
    pub job_preparation: Option<bool>,
    /// Whether it guarantees a job.
    pub job_guarantee: Option<bool>,
    /// Whether learners build a portfolio.
    pub portfolio: Option<bool>,
    /// true: it has won an award. No listing states that it has won none, so that false matches nothing.
    pub award: Option<bool>,
    /// true: the listing says that nothing need be known before; false: it says that something must be.
    pub no_prerequisites: Option<bool>,
    /// Changed at this moment or later.
    pub updated_since: Option<DateTime>,
}

/// Conditions on the values of a list, all of which have to be met; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct TermsFilter {
    /// All of these are in it; an empty list is met by everything.
    pub all: Option<Vec<String>>,
    /// Any of these is in it; an empty list is met by nothing.
    pub any: Option<Vec<String>>,
    /// Something is in it, and none of these is.
    pub none: Option<Vec<String>>,
}

/// Bounds of a whole number, both included; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct IntFilter {
    /// At least this.
    pub gte: Option<i32>,
    /// At most this.
    pub lte: Option<i32>,
}

/// Bounds of a number, both included; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct FloatFilter {
    /// At least this.
    pub gte: Option<f64>,
    /// At most this.
    pub lte: Option<f64>,
}

/// Bounds of an exact decimal number, both included; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct DecimalFilter {
    /// At least this.
    pub gte: Option<Decimal>,
    /// At most this.
    pub lte: Option<Decimal>,
}

/// Bounds of a day, both included; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct DateFilter {
    /// On this day or later.
    pub gte: Option<Date>,
    /// On this day or earlier.
    pub lte: Option<Date>,
}

/// Bounds of a price, both included; without either it is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct PriceFilter {
    /// At least this, with no more decimals than the currency has.
    pub gte: Option<Decimal>,
    /// At most this, with no more decimals than the currency has.
    pub lte: Option<Decimal>,
    /// The currency of the bounds: nothing is converted.
    #[graphql(default_with = "usd()")]
    pub currency: CurrencyCode,
}

/// Conditions on one upcoming offering, all of which it has to meet.
#[derive(Clone, Debug, InputObject)]
pub struct OfferingFilter {
    /// The day it starts on; one on demand has none.
    pub starts_on: Option<DateFilter>,
    /// How it is held.
    pub format: Option<Vec<Format>>,
    /// When it is held.
    pub schedule: Option<Vec<Schedule>>,
    /// Where it is held.
    pub location: Option<LocationFilter>,
    /// The languages it is taught in. A language without region finds its varieties too: en finds en-GB.
    pub language: Option<Vec<LanguageCode>>,
}

/// Where something is: one place meets all of this; {} is met by everything.
#[derive(Clone, Debug, InputObject)]
pub struct LocationFilter {
    /// The name of the city; case and accents do not matter.
    pub city: Option<String>,
    /// The name of the region, e.g. the state; case and accents do not matter.
    pub region: Option<String>,
    /// The country.
    pub country: Option<CountryCode>,
    /// Within a distance of a point.
    pub near: Option<NearFilter>,
}

/// A distance from a point, as the crow flies.
#[derive(Clone, Debug, InputObject)]
pub struct NearFilter {
    /// Degrees north of the point, -90 to 90.
    pub latitude: f64,
    /// Degrees east of the point, -180 to 180.
    pub longitude: f64,
    /// How far from it at most, 0 to 20,000 km.
    pub kilometres: f64,
}

/// Conditions on one way to pay, all of which it has to meet.
#[derive(Clone, Debug, InputObject)]
pub struct FinancingFilter {
    /// What it is.
    pub kind: Option<Vec<FinancingKind>>,
    /// Its yearly rate in percent, with at most four decimals.
    pub apr_percent: Option<DecimalFilter>,
}

/// An order of courses. Those that state no value come last in both directions, and ties always break the same way.
#[derive(Clone, Debug, InputObject)]
pub struct CourseOrder {
    /// What they are sorted by.
    pub field: CourseOrderField,
    /// The direction.
    #[graphql(default_with = "Direction::Desc")]
    pub direction: Direction,
    /// For PRICE: the currency; courses with prices in others come last.
    #[graphql(default_with = "usd()")]
    pub currency: CurrencyCode,
}

impl CourseOrder {
    /// By title, from A to Z.
    pub fn by_title() -> Self {
        Self { field: CourseOrderField::Title, direction: Direction::Asc, currency: usd() }
    }
}

/// What courses are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CourseOrderField {
    /// How well they fit the query, without which this is refused.
    Relevance,
    /// `ratings.score`: a Bayesian average, so that one 5 does not beat two hundred 4.9s.
    Rating,
    /// `ratings.count`.
    ReviewCount,
    /// The employment rate after 180 days of the latest of `outcomeReports` that is `ranked`.
    Employment,
    /// What taking them costs, once.
    Price,
    /// `duration.estimatedHours`.
    Duration,
    /// One-to-one mentoring sessions.
    MentoringSessions,
    /// The first day from today on which an offering starts; what is on demand only states none.
    NextStart,
    /// Their title; case and accents do not matter.
    Title,
    /// When they were published.
    PublishedAt,
    /// When the listing was last changed.
    UpdatedAt,
}

/// The currency that filters and orders start from.
pub fn usd() -> CurrencyCode {
    CurrencyCode(Currency::USD)
}
