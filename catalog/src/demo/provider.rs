//! Providers.

use entity::*;
use sea_orm::Iterable;

use super::plan::{Plan, id};
use super::random::Random;
use super::words::CITIES;

/// Separates the random numbers of providers from those of other objects.
const KIND: u64 = 1;

/// Provider with its slug and its headquarters.
pub(super) struct Provider {
    pub(super) row: provider::Model,
    pub(super) seat: provider_location::Model,
}

/// Returns the provider with this number.
pub(super) fn provider(plan: &Plan, number: u64) -> Provider {
    let mut random = Random::of(plan.seed, KIND, number);
    let name = format!("Demo School {:04}", number + 1);
    let slug = format!("demo-school-{:04}", number + 1);
    let row = provider::Model {
        id: id(number),
        kind: ProviderKind::iter().nth(random.weighed(&[30, 20, 20, 15, 10, 5])).unwrap_or(ProviderKind::Bootcamp),
        status: ProviderStatus::Active,
        description: Some(format!("{name} is synthetic: it was made by lectern demo, and no such school exists.")),
        url: Some(format!("https://{slug}.example.org/")),
        note: Some(plan.note()),
        certificate_of_completion: random.maybe(50, |_| true),
        version: 1,
        created_at: plan.now(),
        updated_at: plan.now(),
        slug,
        name,
        ..Default::default()
    };
    Provider { seat: seat(&mut random, row.id), row }
}

fn seat(random: &mut Random, provider_id: i64) -> provider_location::Model {
    let city = random.any(&CITIES);
    provider_location::Model {
        provider_id,
        position: 0,
        city: city.map(|city| city.0.to_owned()),
        region: city.map(|city| city.1.to_owned()),
        country: city.map(|city| city.2.to_owned()),
        latitude: city.map(|city| city.3),
        longitude: city.map(|city| city.4),
    }
}
