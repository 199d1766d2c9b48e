//! Import of providers by an operator.

use entity::{ProviderStatus, provider, provider_rating, provider_slug};
use sea_orm::ActiveValue::Set;

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::error::Result;
use crate::input::value::member;
use crate::input::{InputReader, ValidationCode};
use crate::provider as listing;
use crate::provider::Details;
use crate::write::{LinkTable, Mentions, Target, insert, put};

const LINKS: [LinkTable; 1] = [LinkTable::citations("provider_id")];

/// Fields of a provider.
pub(super) struct ProviderFields {
    status: Option<ProviderStatus>,
    listing: listing::ValidatedProvider,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<ProviderFields>> {
    Item::read(reader, "slug", &LINKS, |reader| {
        let status = reader.optional("status", member);
        Some(ProviderFields { status, listing: listing::ValidatedProvider::whole(reader) })
    })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<ProviderFields>>) -> Result<()> {
    let mentions = Mentions::default();
    let mut section = Section::<provider::Entity>::load(import, Target::Provider, &LINKS, &items, mentions).await?;
    let mut all_details = Details::load(import.db, &section.own).await?;
    for item in items {
        let Some(id) = section.assign_id(import, &item) else { continue };
        check_status(import, &item, section.before(id));
        let linked = section.link(import, id, &item);
        let detailed = all_details.set(id, &item.fields.listing);
        let (now, before) = (import.writer.now(), section.before(id));
        let (status, patch) = (item.fields.status, item.fields.listing.columns);
        let slug = before.map_or(item.slug, |row| row.slug.clone());
        let row = match before {
            None => {
                let status = status.unwrap_or(ProviderStatus::Active);
                let times = provider::Model { version: 1, created_at: now, updated_at: now, ..Default::default() };
                Some(patch.apply_to(provider::Model { id, slug: slug.clone(), status, ..times }))
            }
            Some(before) => listing::next(before, patch.apply_to(before.clone()), linked || detailed, now),
        };
        let is_public = row.as_ref().or(before).is_some_and(|row| row.status == ProviderStatus::Active);
        section.log(import, LoggedItem { id, slug, provider_id: Some(id), is_public }, row);
    }
    let created = section.write(import).await?;
    let rating = |provider_id| provider_rating::ActiveModel { provider_id: Set(provider_id), ..Default::default() };
    put(import.db, created.iter().map(|(id, _)| rating(*id)).collect(), None).await?;
    let slugs = created.into_iter().map(|(provider_id, slug)| provider_slug::Model { slug, provider_id });
    insert::<provider_slug::Entity>(import.db, slugs.collect()).await?;
    all_details.write(import.db).await
}

/// Rejects a change of status. It affects all listings of the provider, so it needs a decision of its own.
fn check_status(import: &mut TaxonomyImport<'_>, item: &Item<ProviderFields>, before: Option<&provider::Model>) {
    if let (Some(status), Some(before)) = (item.fields.status, before)
        && status != before.status
    {
        let rule = "an import does not change the status of a provider that is there";
        import.add_error(&item.at, Some("status"), ValidationCode::NotAllowed, rule);
    }
}
