//! Inputs for looking up, filtering, ordering and writing providers.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use catalog::listing::ObjectShape;
use catalog::provider::PROVIDER;
use entity::provider;

use crate::graphql::enums::{Direction, Format, ProviderKind, ProviderStatus};
use crate::graphql::scalars::CountryCode;
use crate::graphql::untyped_input::{Declaration, Declared};

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
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: ProviderDetails,
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
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: ProviderDetails,
}

/// Fields that all inputs of providers have in common.
pub type ProviderDetails = Declared<provider::Model>;

impl Declaration for provider::Model {
    fn shape() -> ObjectShape {
        PROVIDER.shape()
    }
}
