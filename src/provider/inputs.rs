//! How providers are looked up, narrowed and ordered.

use async_graphql::{Enum, ID, InputObject, OneofObject};

use crate::graphql::enums::{Direction, Format, ProviderKind, ProviderStatus};
use crate::graphql::scalars::CountryCode;

/// Which provider: by its id or by any slug that it has or had.
#[derive(Debug, OneofObject)]
pub enum ProviderBy {
    /// Its global id.
    Id(ID),
    /// Its slug, an old one too.
    Slug(String),
}

/// Conditions on providers; all that are given must hold. An unknown slug matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ProviderFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<ProviderKind>>,
    /// Of one of these statuses. Lists hold active providers only, whatever is asked for here.
    pub status: Option<Vec<ProviderStatus>>,
    /// With a location in one of these countries.
    pub country: Option<Vec<CountryCode>>,
    /// Teaches in one of these formats.
    pub format: Option<Vec<Format>>,
    /// Has a published course that teaches a skill of one of these slugs.
    pub skill: Option<Vec<String>>,
}

/// An order of providers. Those that state no value come last in both directions.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProviderOrder {
    /// What they are ordered by.
    pub field: ProviderOrderField,
    /// In which direction.
    #[graphql(default_with = "Direction::Asc")]
    pub direction: Direction,
}

/// What providers can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProviderOrderField {
    /// How well they match the query. Needs a query.
    Relevance,
    /// Their names.
    Name,
    /// RatingSummary.score.
    Rating,
    /// How many published courses they have.
    CourseCount,
}
