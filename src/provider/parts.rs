//! What stands under a provider, as the API shows it.

use async_graphql::SimpleObject;
use entity::{provider, provider_licence, provider_location};

use crate::graphql::scalars::{CountryCode, Date};
use crate::graphql::shapes::Location;

/// A licence that a provider teaches under.
#[derive(SimpleObject)]
pub struct Licence {
    /// The authority that gave it.
    pub authority: String,
    /// Its number; null where not stated.
    pub number: Option<String>,
    /// The last day it is valid; null where not stated.
    pub valid_until: Option<Date>,
}

/// What holds for all courses of a provider.
#[derive(SimpleObject)]
pub struct ProviderPolicies {
    /// Whether finishing a course gives a certificate of completion; null where not stated.
    pub certificate_of_completion: Option<bool>,
    /// Within how many months a course may be taken again for nothing; null where not stated.
    pub free_retake_within_months: Option<i32>,
}

impl Licence {
    /// What a row says.
    pub(super) fn of(row: &provider_licence::Model) -> Self {
        Self { authority: row.authority.clone(), number: row.number.clone(), valid_until: row.valid_until.map(Date) }
    }
}

impl ProviderPolicies {
    /// What the columns of a row say.
    pub(super) fn of(row: &provider::Model) -> Self {
        Self {
            certificate_of_completion: row.certificate_of_completion,
            free_retake_within_months: row.free_retake_within_months,
        }
    }
}

/// Where a row says that a provider is.
pub(super) fn location(row: &provider_location::Model) -> Location {
    Location {
        city: row.city.clone(),
        region: row.region.clone(),
        country: row.country.clone().map(CountryCode),
        latitude: row.latitude,
        longitude: row.longitude,
    }
}
