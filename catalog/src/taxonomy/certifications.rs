//! Import of certifications.

use entity::{ListingStatus, ProviderStatus, certification, certification_slug, provider};

use super::section::{Item, LoggedItem, Section};
use super::state::TaxonomyImport;
use crate::certification::listing::{self, CAREERS, SKILLS};
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::slug;
use crate::listing::RowPatch;
use crate::write::{LinkTable, Mentions, Target, insert, rows};

const LINKS: [LinkTable; 3] = [SKILLS, CAREERS, LinkTable::citations("certification_id")];

/// Fields of a certification.
pub(super) struct CertificationFields {
    issuer: String,
    listing: RowPatch<certification::Model>,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Item<CertificationFields>> {
    Item::read(reader, "slug", &LINKS, |reader| {
        let issuer = reader.required("issuer", slug);
        Some(CertificationFields { listing: listing::whole(reader), issuer: issuer? })
    })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<Item<CertificationFields>>) -> Result<()> {
    let target = Target::Certification;
    let mentions = Mentions::of(Target::Provider, items.iter().map(|item| &item.fields.issuer));
    let mut section = Section::<certification::Entity>::load(import, target, &LINKS, &items, mentions).await?;
    let issuers = rows::<provider::Entity>(import.db, section.known.ids(Target::Provider)).await?;
    for item in items {
        let issuer = import.resolve_one(&section.known, Target::Provider, &item.fields.issuer, &item.at, "issuer");
        let id = section.assign_id(import, &item);
        let (Some(issuer_id), Some(id)) = (issuer, id) else { continue };
        let linked = section.link(import, id, &item);
        let (now, before, patch) = (import.writer.now(), section.before(id), item.fields.listing);
        let slug = before.map_or(item.slug, |row| row.slug.clone());
        let row = match before {
            None => {
                let (slug, status) = (slug.clone(), ListingStatus::Published);
                let times = certification::Model { version: 1, created_at: now, updated_at: now, ..Default::default() };
                Some(patch.apply_to(certification::Model { id, slug, status, issuer_id, ..times }))
            }
            Some(before) => {
                let row = patch.apply_to(certification::Model { issuer_id, ..before.clone() });
                listing::next(before, row, linked, now)
            }
        };
        let is_public = issuers.get(&issuer_id).is_some_and(|row| row.status == ProviderStatus::Active);
        section.log(import, LoggedItem { id, slug, provider_id: Some(issuer_id), is_public }, row);
    }
    let created = section.write(import).await?;
    let slugs =
        created.into_iter().map(|(certification_id, slug)| certification_slug::Model { slug, certification_id });
    insert::<certification_slug::Entity>(import.db, slugs.collect()).await
}
