//! Inputs for looking up, filtering, ordering and writing providers.

use async_graphql::{Enum, ID, InputObject, OneofObject};

use crate::graphql::enums::{Direction, Format, ProviderKind, ProviderStatus, Schedule};
use crate::graphql::inputs::LocationInput;
use crate::graphql::scalars::{CountryCode, Date, WebAddress};
use crate::graphql::untyped_input::DeferredScalar;

/// Reference to a provider, by ID or by slug.
#[derive(Debug, OneofObject)]
pub enum ProviderBy {
    /// Global ID of the provider.
    Id(ID),
    /// Slug of the provider. Earlier slugs of the provider work too.
    Slug(String),
}

/// Conditions on providers. All conditions that are given must hold. An unknown slug matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ProviderFilter {
    /// Kinds of provider. Matches providers of any of them.
    pub kind: Option<Vec<ProviderKind>>,
    /// Statuses of a provider. Matches providers with any of them. Staff can ask for any status, e.g. PENDING for
    /// providers that wait for a decision. For everyone else, lists contain ACTIVE providers only.
    pub status: Option<Vec<ProviderStatus>>,
    /// Whether the provider has requested a new name or slug that staff have not decided on. Only staff and members of
    /// a provider see its request: for everyone else, no provider has one.
    pub name_requested: Option<bool>,
    /// Countries. Matches providers with a location in any of them.
    pub country: Option<Vec<CountryCode>>,
    /// Formats. Matches providers that teach in any of them.
    pub format: Option<Vec<Format>>,
    /// Slugs of skills. Matches providers with a published course that teaches any of them.
    pub skill: Option<Vec<String>>,
}

/// Order of providers. Providers without a value come last in both directions.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProviderOrder {
    /// Field to order by.
    pub field: ProviderOrderField,
    /// Direction of the order.
    #[graphql(default_with = "Direction::Asc")]
    pub direction: Direction,
}

/// Fields that providers can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProviderOrderField {
    /// Relevance to the search text. Requires `query`.
    Relevance,
    /// Name of the provider.
    Name,
    /// Rating, as in `RatingSummary.score`.
    Rating,
    /// Number of published courses.
    CourseCount,
}

/// Data of a provider to register. Fields that are left out are stored as not stated.
#[derive(InputObject)]
pub struct ProviderInput {
    /// Name of the provider, at most 200 characters.
    pub name: String,
    /// Slug of the provider: 1 to 120 lower-case letters a to z and digits, with single hyphens between them. Made from
    /// the name if it is not given. Must not be a present or former slug of another provider.
    pub slug: Option<String>,
    /// Kind of provider.
    pub kind: ProviderKind,
    /// Description in Markdown, at most 20,000 characters. HTML is treated as text.
    pub description: Option<String>,
    /// Website of the provider.
    pub url: Option<DeferredScalar<WebAddress>>,
    /// Address of the logo.
    pub logo: Option<DeferredScalar<WebAddress>>,
    /// Locations of the provider, headquarters first. At most 200.
    pub locations: Option<Vec<LocationInput>>,
    /// Anything else worth knowing about the provider, at most 2,000 characters.
    pub note: Option<String>,
    /// Policies that apply to all courses of the provider.
    pub policies: Option<ProviderPoliciesInput>,
    /// Licences under which the provider teaches. At most 50.
    pub licences: Option<Vec<LicenceInput>>,
    /// Formats in which the provider teaches.
    pub formats: Option<Vec<Format>>,
    /// Schedules on which the provider teaches.
    pub schedules: Option<Vec<Schedule>>,
}

/// Changes to a provider. Fields that are left out stay as they are, null clears a field, and a list replaces the
/// stored list.
#[derive(InputObject)]
pub struct ProviderPatch {
    /// Name of the provider, at most 200 characters. Cannot be cleared.
    pub name: Option<String>,
    /// Slug of the provider. Cannot be cleared. The old slug still resolves.
    pub slug: Option<String>,
    /// Kind of provider. Cannot be cleared.
    pub kind: Option<ProviderKind>,
    /// Description in Markdown, at most 20,000 characters. HTML is treated as text.
    pub description: Option<String>,
    /// Website of the provider.
    pub url: Option<DeferredScalar<WebAddress>>,
    /// Address of the logo.
    pub logo: Option<DeferredScalar<WebAddress>>,
    /// Locations of the provider, headquarters first. At most 200.
    pub locations: Option<Vec<LocationInput>>,
    /// Anything else worth knowing about the provider, at most 2,000 characters.
    pub note: Option<String>,
    /// Policies that apply to all courses of the provider.
    pub policies: Option<ProviderPoliciesInput>,
    /// Licences under which the provider teaches. At most 50.
    pub licences: Option<Vec<LicenceInput>>,
    /// Formats in which the provider teaches.
    pub formats: Option<Vec<Format>>,
    /// Schedules on which the provider teaches.
    pub schedules: Option<Vec<Schedule>>,
}

/// Policies that apply to all courses of a provider. Fields that are left out are stored as not stated.
#[derive(InputObject)]
pub struct ProviderPoliciesInput {
    /// Whether learners get a certificate of completion when they finish a course.
    pub certificate_of_completion: Option<bool>,
    /// Number of months within which a course can be retaken for free, 0 to 1,200.
    pub free_retake_within_months: Option<i32>,
}

/// Licence under which a provider teaches.
#[derive(InputObject)]
pub struct LicenceInput {
    /// Authority that issued the licence, at most 200 characters.
    pub authority: String,
    /// Number of the licence, at most 200 characters.
    pub number: Option<String>,
    /// Last day on which the licence is valid.
    pub valid_until: Option<DeferredScalar<Date>>,
}
