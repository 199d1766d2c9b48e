//! Import of providers by an operator.

use entity::{ProviderStatus, provider, provider_rating, provider_slug};
use sea_orm::ActiveValue::Set;

use super::work::{Done, Mark, Work};
use crate::error::Result;
use crate::input::text::slug;
use crate::input::value::member;
use crate::input::{InputReader, ValidationCode};
use crate::provider::{self as listing, Details};
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, held_rows, insert, put, save};

const LINKS: [LinkTable; 1] = [LinkTable::citations("provider_id")];

/// Checked provider.
pub(crate) struct Draft {
    at: Vec<String>,
    slug: String,
    status: Option<ProviderStatus>,
    listing: listing::Draft,
    links: NamedLinks,
}

/// Reads one item of the section.
pub(crate) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let name = reader.required("slug", slug);
    // The slug comes last because it may return early: a field that was never read would be reported as unknown.
    Some(Draft {
        at: reader.path(),
        status: reader.optional("status", member),
        listing: listing::Draft::whole(reader),
        links: NamedLinks::read(reader, &LINKS),
        slug: name?,
    })
}

/// Writes all items of the section.
pub(crate) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mut mentions = Mentions::of(Target::Provider, drafts.iter().map(|draft| &draft.slug));
    drafts.iter().for_each(|draft| draft.links.mention(&mut mentions));
    let mut known = References::load(work.db, mentions).await?;
    let own = known.ids(Target::Provider);
    let before = held_rows::<provider::Entity>(work.db, own.clone()).await?;
    let mut links = LinkSet::load(work.db, Target::Provider, &LINKS, &own).await?;
    let mut details = Details::load(work.db, &own).await?;
    let (mut changed, mut slugs, mut ratings) = (Vec::new(), Vec::new(), Vec::new());
    for mut draft in drafts {
        let Some(id) = work.place(&mut known, Target::Provider, &draft.at, &draft.slug) else { continue };
        let before = before.get(&id);
        draft.check_status(work, before);
        let found = links.resolve(id, &draft.links, &known, &draft.at, &mut work.errors);
        let linked = links.want(id, found);
        let detailed = details.want(id, std::mem::take(&mut draft.listing.details));
        let slug = before.map_or_else(|| draft.slug.clone(), |row| row.slug.clone());
        let row = draft.over(id, before, work, linked || detailed);
        let status = row.as_ref().or(before).map(|row| row.status);
        if before.is_none() {
            slugs.push(provider_slug::Model { slug: slug.clone(), provider_id: id });
            ratings.push(provider_rating::ActiveModel { provider_id: Set(id), ..Default::default() });
        }
        work.listed(
            Done { target: Target::Provider, id, slug: &slug, mark: Mark::of(before, row.is_some()) },
            Some(id),
            status == Some(ProviderStatus::Active),
        );
        changed.extend(row);
    }
    save::<provider::Entity>(work.db, changed).await?;
    insert::<provider_slug::Entity>(work.db, slugs).await?;
    put(work.db, ratings, None).await?;
    details.write(work.db).await?;
    links.write(work.db, &work.writer.ids).await
}

impl Draft {
    /// Rejects a change of status. It affects all listings of the provider, so it needs a decision of its own.
    fn check_status(&self, work: &mut Work<'_>, before: Option<&provider::Model>) {
        if let (Some(status), Some(before)) = (self.status, before)
            && status != before.status
        {
            let path: Vec<String> = self.at.iter().cloned().chain(["status".to_owned()]).collect();
            work.add_error(
                &path,
                ValidationCode::NotAllowed,
                "an import does not change the status of a provider that is there",
            );
        }
    }

    /// Returns the row to write, or `None` if nothing changes.
    fn over(self, id: i64, before: Option<&provider::Model>, work: &Work<'_>, more: bool) -> Option<provider::Model> {
        let now = work.writer.now();
        let Some(before) = before else {
            let status = self.status.unwrap_or(ProviderStatus::Active);
            return Some(self.listing.over(listing::blank(id, self.slug, status, now)));
        };
        listing::next(before, self.listing.over(before.clone()), more, now)
    }
}
