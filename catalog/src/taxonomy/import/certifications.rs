//! Import of certifications.

use entity::{ListingStatus, ProviderStatus, certification, certification_slug, provider};

use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::certification::listing::{self, CAREERS, SKILLS};
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::slug;
use crate::listing::RowPatch;
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, lock_rows, rows, save};

const LINKS: [LinkTable; 3] = [SKILLS, CAREERS, LinkTable::citations("certification_id")];

/// Checked certification.
pub(super) struct CertificationItem {
    at: Vec<String>,
    slug: String,
    issuer: String,
    listing: RowPatch<certification::Model>,
    links: NamedLinks,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<CertificationItem> {
    let (name, issuer) = (reader.required("slug", slug), reader.required("issuer", slug));
    let (listing, links) = (listing::whole(reader), NamedLinks::read(reader, &LINKS));
    Some(CertificationItem { at: reader.path(), slug: name?, issuer: issuer?, listing, links })
}

/// Writes all items of the section.
pub(super) async fn write(import: &mut TaxonomyImport<'_>, items: Vec<CertificationItem>) -> Result<()> {
    let mut known = References::load(import.db, mentions(&items)).await?;
    let own = known.ids(Target::Certification);
    let before = lock_rows::<certification::Entity>(import.db, own.clone()).await?;
    let issuers = rows::<provider::Entity>(import.db, known.ids(Target::Provider)).await?;
    let mut links = LinkSet::load(import.db, Target::Certification, &LINKS, &own).await?;
    let (mut changed, mut slugs) = (Vec::new(), Vec::new());
    for item in items {
        let issuer = import.resolve_one(&known, Target::Provider, &item.issuer, &item.at, "issuer");
        let id = import.assign_id(&mut known, Target::Certification, &item.at, &item.slug);
        let (Some(issuer), Some(id)) = (issuer, id) else { continue };
        let before = before.get(&id);
        let found = links.resolve(id, &item.links, &known, &item.at, &mut import.errors);
        let linked = links.set(id, found);
        let slug = before.map_or_else(|| item.slug.clone(), |row| row.slug.clone());
        let row = item.apply_to(id, issuer, before, import, linked);
        if before.is_none() {
            slugs.push(certification_slug::Model { slug: slug.clone(), certification_id: id });
        }
        let public = issuers.get(&issuer).is_some_and(|row| row.status == ProviderStatus::Active);
        import.count_listing(
            ImportedItem {
                target: Target::Certification,
                id,
                slug: &slug,
                effect: ImportEffect::of(before, row.is_some()),
            },
            Some(issuer),
            public,
        );
        changed.extend(row);
    }
    save::<certification::Entity>(import.db, changed).await?;
    insert::<certification_slug::Entity>(import.db, slugs).await?;
    links.write(import.db, &import.writer.ids).await
}

fn mentions(items: &[CertificationItem]) -> Mentions {
    let mut mentions = Mentions::of(Target::Certification, items.iter().map(|item| &item.slug));
    mentions.add(Target::Provider, items.iter().map(|item| &item.issuer));
    items.iter().for_each(|item| item.links.mention(&mut mentions));
    mentions
}

impl CertificationItem {
    /// Returns the row to write, or `None` if nothing changes.
    fn apply_to(
        self,
        id: i64,
        issuer_id: i64,
        before: Option<&certification::Model>,
        import: &TaxonomyImport<'_>,
        linked: bool,
    ) -> Option<certification::Model> {
        let now = import.writer.now();
        let Some(before) = before else {
            let (slug, status) = (self.slug, ListingStatus::Published);
            let times = certification::Model { version: 1, created_at: now, updated_at: now, ..Default::default() };
            return Some(self.listing.apply_to(certification::Model { id, slug, status, issuer_id, ..times }));
        };
        let row = certification::Model { issuer_id, ..before.clone() };
        listing::next(before, self.listing.apply_to(row), linked, now)
    }
}
