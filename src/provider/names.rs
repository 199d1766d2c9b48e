//! Names that wait for staff, and names that look like those of others.

use async_graphql::SimpleObject;
use entity::{ProviderStatus, provider_name_request};

use super::types::Provider;
use crate::dictionary::{self, Dictionary};
use crate::graphql::scalars::DateTime;
use crate::resemblance::skeleton;

/// Look-alikes that are shown.
const MAX_LOOK_ALIKES: usize = 20;

/// The name and slug that an approved provider asks for. Staff decide on them with decideProviderName.
#[derive(SimpleObject)]
pub struct NameRequest {
    /// Name that the provider asks for; the present one if only the slug is to change.
    name: String,
    /// Slug that the provider asks for; the present one if only the name is to change.
    slug: String,
    /// When the provider asked for them.
    requested_at: DateTime,
}

impl NameRequest {
    /// What a row says.
    pub(super) fn of(row: &provider_name_request::Model) -> Self {
        Self { name: row.name.clone(), slug: row.slug.clone(), requested_at: DateTime(row.created_at) }
    }
}

/// The other providers that a reader could take this one for. One that was turned away is no model for anybody.
pub(super) fn look_alikes(dictionary: &Dictionary, provider: &dictionary::Provider) -> Vec<Provider> {
    let mut own = provider.skeletons.to_vec();
    own.extend(provider.name_request.iter().flat_map(|row| [skeleton(&row.name), skeleton(&row.slug)]));
    let others = dictionary.providers.in_order().iter().map(|(_, row)| row);
    let others = others.filter(|row| row.row.id != provider.row.id && row.row.status != ProviderStatus::Rejected);
    let alike = others.filter(|row| row.skeletons.iter().any(|skeleton| own.contains(skeleton)));
    alike.take(MAX_LOOK_ALIKES).cloned().map(Provider).collect()
}
