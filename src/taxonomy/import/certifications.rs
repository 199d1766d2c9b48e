//! Import of certifications.

use entity::{ProviderStatus, certification, certification_slug, provider};

use super::work::{Done, Mark, Work};
use crate::certification::draft::{self as listing, CAREERS, SKILLS};
use crate::error::Result;
use crate::input::InputReader;
use crate::input::text::slug;
use crate::write::{LinkSet, LinkTable, Mentions, NamedLinks, References, Target, held_rows, insert, rows, save};

const LINKS: [LinkTable; 3] = [SKILLS, CAREERS, LinkTable::citations("certification_id")];

/// Checked certification.
pub(super) struct Draft {
    at: Vec<String>,
    slug: String,
    issuer: String,
    listing: listing::Draft,
    links: NamedLinks,
}

/// Reads one item of the section.
pub(super) fn read(reader: &mut InputReader<'_>) -> Option<Draft> {
    let (name, issuer) = (reader.required("slug", slug), reader.required("issuer", slug));
    let (listing, links) = (listing::Draft::whole(reader), NamedLinks::read(reader, &LINKS));
    Some(Draft { at: reader.path(), slug: name?, issuer: issuer?, listing, links })
}

/// Writes all items of the section.
pub(super) async fn write(work: &mut Work<'_>, drafts: Vec<Draft>) -> Result<()> {
    let mut known = References::load(work.db, mentions(&drafts)).await?;
    let own = known.ids(Target::Certification);
    let before = held_rows::<certification::Entity>(work.db, own.clone()).await?;
    let issuers = rows::<provider::Entity>(work.db, known.ids(Target::Provider)).await?;
    let mut links = LinkSet::load(work.db, Target::Certification, &LINKS, &own).await?;
    let (mut changed, mut slugs) = (Vec::new(), Vec::new());
    for draft in drafts {
        let issuer = work.resolve_one(&known, Target::Provider, &draft.issuer, &draft.at, "issuer");
        let id = work.place(&mut known, Target::Certification, &draft.at, &draft.slug);
        let (Some(issuer), Some(id)) = (issuer, id) else { continue };
        let before = before.get(&id);
        let found = links.resolve(id, &draft.links, &known, &draft.at, &mut work.errors);
        let linked = links.want(id, found);
        let slug = before.map_or_else(|| draft.slug.clone(), |row| row.slug.clone());
        let row = draft.over(id, issuer, before, work, linked);
        if before.is_none() {
            slugs.push(certification_slug::Model { slug: slug.clone(), certification_id: id });
        }
        let public = issuers.get(&issuer).is_some_and(|row| row.status == ProviderStatus::Active);
        work.listed(
            Done { target: Target::Certification, id, slug: &slug, mark: Mark::of(before, row.is_some()) },
            Some(issuer),
            public,
        );
        changed.extend(row);
    }
    save::<certification::Entity>(work.db, changed).await?;
    insert::<certification_slug::Entity>(work.db, slugs).await?;
    links.write(work.db, &work.writer.ids).await
}

fn mentions(drafts: &[Draft]) -> Mentions {
    let mut mentions = Mentions::of(Target::Certification, drafts.iter().map(|draft| &draft.slug));
    mentions.add(Target::Provider, drafts.iter().map(|draft| &draft.issuer));
    drafts.iter().for_each(|draft| draft.links.mention(&mut mentions));
    mentions
}

impl Draft {
    /// Returns the row to write, or `None` if nothing changes.
    fn over(
        self,
        id: i64,
        issuer_id: i64,
        before: Option<&certification::Model>,
        work: &Work<'_>,
        linked: bool,
    ) -> Option<certification::Model> {
        let now = work.writer.now();
        let Some(before) = before else {
            return Some(self.listing.over(listing::blank(id, self.slug, issuer_id, now)));
        };
        let row = certification::Model { issuer_id, ..before.clone() };
        listing::next(before, self.listing.over(row), linked, now)
    }
}
