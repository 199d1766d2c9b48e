//! How providers are looked up, narrowed, ordered and written.

use async_graphql::{Enum, ID, InputObject, OneofObject};

use crate::graphql::enums::{Direction, Format, ProviderKind, ProviderStatus, Schedule};
use crate::graphql::inputs::LocationInput;
use crate::graphql::raw::Unread;
use crate::graphql::scalars::{CountryCode, Date, WebAddress};

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
    /// Of one of these statuses. Lists hold ACTIVE providers only, whatever is asked for here. For staff they hold those of
    /// all statuses that are named here, e.g. PENDING for those that wait for a decision.
    pub status: Option<Vec<ProviderStatus>>,
    /// Whether a new name or slug waits for staff (true) or not (false). Only staff and members of a provider know of it:
    /// for everyone else none waits.
    pub name_requested: Option<bool>,
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

/// A provider that is to be registered. What is left out is not stated.
#[derive(InputObject)]
pub struct ProviderInput {
    /// Its name, at most 200 characters.
    pub name: String,
    /// Its slug, 1 to 120 lower-case letters a to z and digits with single hyphens between them; made from its name where
    /// it is not given. No other provider may have or have had it.
    pub slug: Option<String>,
    /// What it is.
    pub kind: ProviderKind,
    /// What it is, in Markdown, at most 20,000 characters; HTML in it is text.
    pub description: Option<String>,
    /// Its own pages.
    pub url: Option<Unread<WebAddress>>,
    /// Its logo.
    pub logo: Option<Unread<WebAddress>>,
    /// Where it is, its seat first; at most 200.
    pub locations: Option<Vec<LocationInput>>,
    /// What else is to be known of it, at most 2,000 characters.
    pub note: Option<String>,
    /// What holds for all of its courses.
    pub policies: Option<ProviderPoliciesInput>,
    /// The licences it teaches under, at most 50.
    pub licences: Option<Vec<LicenceInput>>,
    /// How its courses are held.
    pub formats: Option<Vec<Format>>,
    /// When its courses are held.
    pub schedules: Option<Vec<Schedule>>,
}

/// What is to be changed of a provider: what is left out stays as it is, null clears it, and a list takes the place of the
/// one that was there.
#[derive(InputObject)]
pub struct ProviderPatch {
    /// Its name, at most 200 characters; it cannot be cleared.
    pub name: Option<String>,
    /// Its slug; it cannot be cleared. The old one goes on resolving.
    pub slug: Option<String>,
    /// What it is; it cannot be cleared.
    pub kind: Option<ProviderKind>,
    /// What it is, in Markdown, at most 20,000 characters; HTML in it is text.
    pub description: Option<String>,
    /// Its own pages.
    pub url: Option<Unread<WebAddress>>,
    /// Its logo.
    pub logo: Option<Unread<WebAddress>>,
    /// Where it is, its seat first; at most 200.
    pub locations: Option<Vec<LocationInput>>,
    /// What else is to be known of it, at most 2,000 characters.
    pub note: Option<String>,
    /// What holds for all of its courses.
    pub policies: Option<ProviderPoliciesInput>,
    /// The licences it teaches under, at most 50.
    pub licences: Option<Vec<LicenceInput>>,
    /// How its courses are held.
    pub formats: Option<Vec<Format>>,
    /// When its courses are held.
    pub schedules: Option<Vec<Schedule>>,
}

/// What holds for all courses of a provider. What is left out is not stated.
#[derive(InputObject)]
pub struct ProviderPoliciesInput {
    /// Whether finishing a course gives a certificate of completion.
    pub certificate_of_completion: Option<bool>,
    /// Within how many months a course may be taken again for nothing, 0 to 1,200.
    pub free_retake_within_months: Option<i32>,
}

/// A licence that a provider teaches under.
#[derive(InputObject)]
pub struct LicenceInput {
    /// The authority that gave it, at most 200 characters.
    pub authority: String,
    /// Its number, at most 200 characters.
    pub number: Option<String>,
    /// The last day it is valid.
    pub valid_until: Option<Unread<Date>>,
}
