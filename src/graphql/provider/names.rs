//! Requests for a new name, and names that look like those of other providers.

use async_graphql::SimpleObject;
use catalog::dictionary;
use catalog::dictionary::Dictionary;
use catalog::resemblance::skeleton;
use entity::{ProviderStatus, provider_name_request};

use super::types::Provider;
use crate::graphql::scalars::DateTime;

/// Maximum number of look-alikes returned.
const MAX_LOOK_ALIKES: usize = 20;

/// Name and slug that an approved provider has requested. Staff decide on the request with `decideProviderName`.
#[derive(SimpleObject)]
pub struct NameRequest {
    /// Requested name. The current name if only the slug is to change.
    name: String,
    /// Requested slug. The current slug if only the name is to change.
    slug: String,
    /// Time when the provider made the request.
    requested_at: DateTime,
}

impl NameRequest {
    /// Converts a row.
    pub(super) fn of(row: &provider_name_request::Model) -> Self {
        Self { name: row.name.clone(), slug: row.slug.clone(), requested_at: DateTime(row.created_at) }
    }
}

/// Returns the other providers that a reader could confuse with this one. Skips rejected providers, since the public
/// never saw their names.
pub(super) fn look_alikes(dictionary: &Dictionary, provider: &dictionary::Provider) -> Vec<Provider> {
    let mut own = provider.skeletons.to_vec();
    own.extend(provider.name_request.iter().flat_map(|row| [skeleton(&row.name), skeleton(&row.slug)]));
    let others = dictionary.providers.in_order().iter().map(|(_, row)| row);
    let others = others.filter(|row| row.row.id != provider.row.id && row.row.status != ProviderStatus::Rejected);
    let alike = others.filter(|row| row.skeletons.iter().any(|skeleton| own.contains(skeleton)));
    let mut alike: Vec<_> = alike.collect();
    // Those that the public knows come first: nobody can bury them under providers registered for the purpose.
    alike.sort_by_key(|row| !dictionary::is_public(row.row.status));
    alike.into_iter().take(MAX_LOOK_ALIKES).cloned().map(Provider).collect()
}
