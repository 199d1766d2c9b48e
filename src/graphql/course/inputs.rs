//! Filter and order inputs of course searches, and the fields of the index that plain conditions read. Translating the
//! others into conditions does not belong here.

use async_graphql::{Enum, InputObject};
use iso_currency::Currency;
use search::{Field, Fields};

use crate::graphql::enums::{
    CourseKind, Direction, FinancingKind, Format, Level, PricingCategory, ProviderKind, Schedule,
};
use crate::graphql::scalars::{CountryCode, CurrencyCode, Date, DateTime, Decimal, LanguageCode};

/// Conditions on courses. A course must meet all of them. A condition on a fact that the listing does not state is not
/// met; `not` matches everything that its condition does not. In a list, one matching value is enough, so an empty list
/// matches nothing. An unknown slug matches nothing, and an old slug works like the current one. A filter holds at most
/// 100 values per list, 1,000 values in total (a location counts as 50, a nested filter as one), and 5 levels of `and`,
/// `or` and `not`; more is the error BAD_USER_INPUT.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CourseFilter {
    /// All of these must match. An empty list matches everything.
    pub and: Option<Vec<CourseFilter>>,
    /// At least one of these must match. An empty list matches nothing.
    pub or: Option<Vec<CourseFilter>>,
    /// Matches everything that this filter does not match.
    pub not: Option<Box<CourseFilter>>,
    /// Slugs of providers that offer the course.
    pub provider: Option<Vec<String>>,
    /// Slugs of partner providers.
    pub partner: Option<Vec<String>>,
    /// Kind of at least one partner.
    pub partner_kind: Option<Vec<ProviderKind>>,
    /// Slugs of subjects.
    pub subject: Option<Vec<String>>,
    /// Kind of the course.
    pub kind: Option<Vec<CourseKind>>,
    /// Level of the audience, as the listing states it. A course for all levels is found by ALL_LEVELS only.
    pub level: Option<Vec<Level>>,
    /// Format, as the course itself states it. Use `offering` to filter by the format of single offerings.
    pub format: Option<Vec<Format>>,
    /// Schedule, as the course itself states it. Use `offering` to filter by the schedule of single offerings.
    pub schedule: Option<Vec<Schedule>>,
    /// Languages in which the course is taught. A language without a region also finds its regional variants: en finds
    /// en-GB.
    pub language: Option<Vec<LanguageCode>>,
    /// Slugs of the skills taught.
    pub skills: Option<TermsFilter>,
    /// Slugs of certifications that the course prepares for or ends with.
    pub prepares: Option<Vec<String>>,
    /// Slugs of careers that the course leads to.
    pub career: Option<Vec<String>>,
    /// One-off price in one currency. Does not match subscriptions, or prices in other currencies. Free courses match
    /// in every currency.
    pub price: Option<PriceFilter>,
    /// Pricing category.
    pub pricing: Option<Vec<PricingCategory>>,
    /// Length in weeks. Matches only courses that state weeks.
    pub weeks: Option<IntFilter>,
    /// Length in hours: `duration.estimatedHours`.
    pub hours: Option<IntFilter>,
    /// Number of one-to-one mentoring sessions.
    pub mentoring_sessions: Option<IntFilter>,
    /// Maximum number of learners in a class.
    pub max_class_size: Option<IntFilter>,
    /// Average rating: `ratings.average`.
    pub rating: Option<FloatFilter>,
    /// Number of reviews: `ratings.count`. Stated for every course.
    pub review_count: Option<IntFilter>,
    /// Employment rate after 180 days, in percent with at most four decimals. Taken from the latest of `outcomeReports`
    /// that is `ranked`.
    pub employment_rate: Option<DecimalFilter>,
    /// Conditions that one open offering must meet together. {} matches courses with any open offering. An offering is
    /// open if it starts today (UTC) or later, or is on demand, its application deadline has not passed,
    /// and it has free places as far as is stated.
    pub offering: Option<OfferingFilter>,
    /// Location of an open offering. For a course without open offerings, location of the provider.
    pub location: Option<LocationFilter>,
    /// Conditions that one way to pay must meet together. {} matches courses that state any way to pay.
    pub financing: Option<FinancingFilter>,
    /// True matches courses that can be retaken for free. False matches courses that state that they cannot (0 months).
    pub free_retake: Option<bool>,
    /// Number of months within which the course can be retaken for free.
    pub free_retake_within_months: Option<IntFilter>,
    /// Whether the course ends with a certificate of completion.
    pub certificate_of_completion: Option<bool>,
    /// Whether the course prepares learners for a job search.
    pub job_preparation: Option<bool>,
    /// Whether the provider guarantees a job or a refund.
    pub job_guarantee: Option<bool>,
    /// Whether learners leave with a portfolio.
    pub portfolio: Option<bool>,
    /// True matches courses that have won an award. False matches nothing, because no listing states that a course has
    /// won none.
    pub award: Option<bool>,
    /// True matches courses that state that they have no prerequisites, false those that state that they have some.
    pub no_prerequisites: Option<bool>,
    /// Time of the last change: matches courses that changed then or later.
    pub updated_since: Option<DateTime>,
}

impl CourseFilter {
    /// Conditions on numbers, with their fields in the index.
    pub(super) fn numbers<'a>(
        &'a self,
        fields: &Fields,
    ) -> impl Iterator<Item = (&'static str, &'a Option<IntFilter>, Field)> {
        let numbers = [
            ("weeks", &self.weeks, fields.weeks),
            ("hours", &self.hours, fields.hours),
            ("mentoringSessions", &self.mentoring_sessions, fields.mentoring_sessions),
            ("maxClassSize", &self.max_class_size, fields.max_class_size),
            ("reviewCount", &self.review_count, fields.review_count),
            ("freeRetakeWithinMonths", &self.free_retake_within_months, fields.free_retake),
        ];
        numbers.into_iter()
    }

    /// Conditions on what a course states to be true or false, with their fields in the index.
    pub(super) fn statements(&self, fields: &Fields) -> impl Iterator<Item = (&'static str, Option<bool>, Field)> {
        let statements = [
            ("certificateOfCompletion", self.certificate_of_completion, fields.certificate_of_completion),
            ("jobPreparation", self.job_preparation, fields.job_preparation),
            ("jobGuarantee", self.job_guarantee, fields.job_guarantee),
            ("portfolio", self.portfolio, fields.portfolio),
            ("award", self.award, fields.award),
            ("noPrerequisites", self.no_prerequisites, fields.no_prerequisites),
        ];
        statements.into_iter()
    }
}

/// Conditions on a list of slugs. All of them must be met. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct TermsFilter {
    /// The course has all of these. An empty list matches everything.
    pub all: Option<Vec<String>>,
    /// The course has at least one of these. An empty list matches nothing.
    pub any: Option<Vec<String>>,
    /// The course has some values, but none of these.
    pub none: Option<Vec<String>>,
}

/// An integer range. Both ends are included. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct IntFilter {
    /// Minimum value.
    pub gte: Option<i32>,
    /// Maximum value.
    pub lte: Option<i32>,
}

/// A number range. Both ends are included. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct FloatFilter {
    /// Minimum value.
    pub gte: Option<f64>,
    /// Maximum value.
    pub lte: Option<f64>,
}

/// A range of exact decimal numbers. Both ends are included. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct DecimalFilter {
    /// Minimum value.
    pub gte: Option<Decimal>,
    /// Maximum value.
    pub lte: Option<Decimal>,
}

/// A range of days. Both ends are included. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct DateFilter {
    /// First day.
    pub gte: Option<Date>,
    /// Last day.
    pub lte: Option<Date>,
}

/// A price range. Both ends are included. Without `gte` and `lte` it matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct PriceFilter {
    /// Minimum price, with no more decimals than the currency has.
    pub gte: Option<Decimal>,
    /// Maximum price, with no more decimals than the currency has.
    pub lte: Option<Decimal>,
    /// Currency of the range. Prices are not converted.
    #[graphql(default_with = "usd()")]
    pub currency: CurrencyCode,
}

/// Conditions that one open offering must meet together.
#[derive(Clone, Debug, InputObject)]
pub struct OfferingFilter {
    /// First day. Offerings on demand have none, so they never match.
    pub starts_on: Option<DateFilter>,
    /// Format of the offering.
    pub format: Option<Vec<Format>>,
    /// Schedule of the offering.
    pub schedule: Option<Vec<Schedule>>,
    /// Location of the offering.
    pub location: Option<LocationFilter>,
    /// Languages in which the offering is taught. A language without a region also finds its regional variants: en
    /// finds en-GB.
    pub language: Option<Vec<LanguageCode>>,
}

/// Conditions that one location must meet together. {} matches everything.
#[derive(Clone, Debug, InputObject)]
pub struct LocationFilter {
    /// Name of the city. Ignores case and accents.
    pub city: Option<String>,
    /// Name of the region, e.g. the state. Ignores case and accents.
    pub region: Option<String>,
    /// The country.
    pub country: Option<CountryCode>,
    /// Circle that contains the location.
    pub near: Option<NearFilter>,
}

/// A circle around a point. Distances are measured as the crow flies.
#[derive(Clone, Debug, InputObject)]
pub struct NearFilter {
    /// Latitude of the point in degrees north, -90 to 90.
    pub latitude: f64,
    /// Longitude of the point in degrees east, -180 to 180.
    pub longitude: f64,
    /// Maximum distance from the point in kilometres, 0 to 20,000.
    pub kilometres: f64,
}

/// Conditions that one way to pay must meet together.
#[derive(Clone, Debug, InputObject)]
pub struct FinancingFilter {
    /// Kind of the plan.
    pub kind: Option<Vec<FinancingKind>>,
    /// Nominal yearly interest rate in percent, with at most four decimals.
    pub apr_percent: Option<DecimalFilter>,
}

/// Sort order of courses. Courses without a value come last in both directions. Ties are always broken the same way.
#[derive(Clone, Debug, InputObject)]
pub struct CourseOrder {
    /// Field to sort by.
    pub field: CourseOrderField,
    /// Sort direction.
    #[graphql(default_with = "Direction::Desc")]
    pub direction: Direction,
    /// Currency of the prices, for the field PRICE only. Courses with prices in other currencies come last.
    #[graphql(default_with = "usd()")]
    pub currency: CurrencyCode,
}

impl CourseOrder {
    /// Sorts by title, from A to Z.
    pub fn by_title() -> Self {
        Self { field: CourseOrderField::Title, direction: Direction::Asc, currency: usd() }
    }
}

/// Fields to sort courses by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CourseOrderField {
    /// Relevance to the search query. Without a query this is the error BAD_USER_INPUT.
    Relevance,
    /// Rating score, `ratings.score`: a Bayesian average, so that a single 5 does not beat two hundred 4.9s.
    Rating,
    /// Number of reviews, `ratings.count`.
    ReviewCount,
    /// Employment rate after 180 days in the latest of `outcomeReports` that is `ranked`.
    Employment,
    /// One-off price.
    Price,
    /// Length in hours, `duration.estimatedHours`.
    Duration,
    /// Number of one-to-one mentoring sessions.
    MentoringSessions,
    /// Start of the next dated offering that one can still join, from today (UTC). A course with offerings on demand only has no value.
    NextStart,
    /// Title. Ignores case and accents.
    Title,
    /// Time of publication.
    PublishedAt,
    /// Time of the last change to the listing.
    UpdatedAt,
}

/// Default currency of filters and orders.
pub fn usd() -> CurrencyCode {
    CurrencyCode(Currency::USD)
}
