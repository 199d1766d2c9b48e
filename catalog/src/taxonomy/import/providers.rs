//! Import of providers by an operator.

use entity::{ProviderStatus, provider, provider_rating, provider_slug};
use sea_orm::ActiveValue::Set;

use super::state::{ImportEffect, ImportedItem, TaxonomyImport};
use crate::error::Result;
use crate::input::text::slug;
use crate::input::value::member;
use crate::input::{InputReader, ValidationCode};
use crate::provider as listing;
use crate::provider::Details;
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, insert, lock_rows, put, save};

const LINKS: [LinkTable; 1] = [LinkTable::citations("provider_id")];

/// Checked provider.
pub struct ProviderItem {
    at: Vec<String>,
    slug: String,
    status: Option<ProviderStatus>,
    listing: listing::ValidatedProvider,
    links: NamedLinks,
}

/// Reads one item of the section.
pub fn read(reader: &mut InputReader<'_>) -> Option<ProviderItem> {
    let name = reader.required("slug", slug);
    // The slug comes last because it may return early: a field that was never read would be reported as unknown.
    Some(ProviderItem {
        at: reader.path(),
        status: reader.optional("status", member),
        listing: listing::ValidatedProvider::whole(reader),
        links: NamedLinks::read(reader, &LINKS),
        slug: name?,
    })
}

/// Writes all items of the section.
pub async fn write(import: &mut TaxonomyImport<'_>, items: Vec<ProviderItem>) -> Result<()> {
    let mut mentions = Mentions::of(Target::Provider, items.iter().map(|item| &item.slug));
    items.iter().for_each(|item| item.links.mention(&mut mentions));
    let mut known = References::load(import.db, mentions).await?;
    let own = known.ids(Target::Provider);
    let before = lock_rows::<provider::Entity>(import.db, own.clone()).await?;
    let mut links = LinkSet::load(import.db, Target::Provider, &LINKS, &own).await?;
    let mut details = Details::load(import.db, &own).await?;
    let (mut changed, mut slugs, mut ratings) = (Vec::new(), Vec::new(), Vec::new());
    for item in items {
        let Some(id) = import.assign_id(&mut known, Target::Provider, &item.at, &item.slug) else { continue };
        let before = before.get(&id);
        item.check_status(import, before);
        let found = links.resolve(id, &item.links, &known, &item.at, &mut import.errors);
        let linked = links.set(id, found);
        let detailed = details.set(id, &item.listing);
        let slug = before.map_or_else(|| item.slug.clone(), |row| row.slug.clone());
        let row = item.apply_to(id, before, import, linked || detailed);
        let status = row.as_ref().or(before).map(|row| row.status);
        if before.is_none() {
            slugs.push(provider_slug::Model { slug: slug.clone(), provider_id: id });
            ratings.push(provider_rating::ActiveModel { provider_id: Set(id), ..Default::default() });
        }
        import.count_listing(
            ImportedItem { target: Target::Provider, id, slug: &slug, effect: ImportEffect::of(before, row.is_some()) },
            Some(id),
            status == Some(ProviderStatus::Active),
        );
        changed.extend(row);
    }
    save::<provider::Entity>(import.db, changed).await?;
    insert::<provider_slug::Entity>(import.db, slugs).await?;
    put(import.db, ratings, None).await?;
    details.write(import.db).await?;
    links.write(import.db, &import.writer.ids).await
}

impl ProviderItem {
    /// Rejects a change of status. It affects all listings of the provider, so it needs a decision of its own.
    fn check_status(&self, import: &mut TaxonomyImport<'_>, before: Option<&provider::Model>) {
        if let (Some(status), Some(before)) = (self.status, before)
            && status != before.status
        {
            let path: Vec<String> = self.at.iter().cloned().chain(["status".to_owned()]).collect();
            import.add_error(
                &path,
                ValidationCode::NotAllowed,
                "an import does not change the status of a provider that is there",
            );
        }
    }

    /// Returns the row to write, or `None` if nothing changes.
    fn apply_to(
        self,
        id: i64,
        before: Option<&provider::Model>,
        import: &TaxonomyImport<'_>,
        more: bool,
    ) -> Option<provider::Model> {
        let now = import.writer.now();
        let Some(before) = before else {
            let status = self.status.unwrap_or(ProviderStatus::Active);
            let times = provider::Model { version: 1, created_at: now, updated_at: now, ..Default::default() };
            return Some(self.listing.columns.apply_to(provider::Model { id, slug: self.slug, status, ..times }));
        };
        listing::next(before, self.listing.columns.apply_to(before.clone()), more, now)
    }
}
