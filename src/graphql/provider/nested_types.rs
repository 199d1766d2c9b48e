//! Objects nested in a provider, as the API shows them.

use async_graphql::SimpleObject;
use entity::{provider, provider_licence, provider_location};

use crate::graphql::scalars::{CountryCode, Date};
use crate::graphql::shapes::Location;

/// Licence under which a provider teaches.
#[derive(SimpleObject)]
pub struct Licence {
    /// Authority that issued the licence.
    pub authority: String,
    /// Number of the licence. Null if not stated.
    pub number: Option<String>,
    /// Last day on which the licence is valid. Null if not stated.
    pub valid_until: Option<Date>,
}

/// Policies that apply to all courses of a provider.
#[derive(SimpleObject)]
pub struct ProviderPolicies {
    /// Whether learners get a certificate of completion when they finish a course. Null if not stated.
    pub certificate_of_completion: Option<bool>,
    /// Number of months within which a course can be retaken for free. Null if not stated.
    pub free_retake_within_months: Option<i32>,
}

impl Licence {
    /// Converts a row.
    pub(super) fn of(row: &provider_licence::Model) -> Self {
        Self { authority: row.authority.clone(), number: row.number.clone(), valid_until: row.valid_until.map(Date) }
    }
}

impl ProviderPolicies {
    /// Reads the policies from the columns of a provider.
    pub(super) fn of(row: &provider::Model) -> Self {
        Self {
            certificate_of_completion: row.certificate_of_completion,
            free_retake_within_months: row.free_retake_within_months,
        }
    }
}

/// Converts a row.
pub(super) fn location(row: &provider_location::Model) -> Location {
    Location {
        city: row.city.clone(),
        region: row.region.clone(),
        country: row.country.clone().map(CountryCode),
        latitude: row.latitude,
        longitude: row.longitude,
    }
}
